import type { FakeVendorRequest } from './recorded-request.ts';
import type { FakeReply } from './reply.ts';

/** Decides on a reply when it has seen the request. `requests` are all so far, this one included. */
export type FakeVendorResponder = (
  request: FakeVendorRequest,
  requests: readonly FakeVendorRequest[],
) => FakeReply | Promise<FakeReply>;

/** A reply, or a function that decides on one. */
export type FakeVendorStep = FakeReply | FakeVendorResponder;

/** What the fake vendor answers: one step per request in order, or a function that sees every request. */
export type FakeVendorScript = readonly FakeVendorStep[] | FakeVendorResponder;

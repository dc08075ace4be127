export {
  createFakeVendor,
  type FakeVendor,
  type FakeVendorOptions,
  type FakeVendorScript,
} from './fake-vendor/create-fake-vendor.ts';
export {
  fakeVendorCases,
  type FakeVendorCase,
  type FakeVendorCaseName,
} from './fake-vendor/case.ts';
export type { FakeVendorProfile } from './fake-vendor/profile.ts';
export type { FakeVendorRequest, RequestEnd } from './fake-vendor/recorded-request.ts';
export {
  reply,
  type FakeAnswer,
  type FakeReply,
  type FakeReplyContent,
  type FakeReplyOptions,
  type FakeToolCall,
} from './fake-vendor/reply.ts';
export type { CompletionUsage } from './completion-chunk.ts';
export {
  demoModelFaults,
  startDemoModel,
  type DemoModel,
  type DemoModelFault,
  type DemoModelOptions,
} from './demo-model/start-demo-model.ts';

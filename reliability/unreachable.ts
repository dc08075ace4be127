import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Places where no vendor can be reached, so that there is no fake vendor to play them. */
export const unreachable: Record<
  string,
  {
    description: string;
    open: () => Promise<{ baseURL: string; close: () => Promise<void> }>;
    /** What sends the requests. @default the global `fetch` */
    fetch?: typeof globalThis.fetch;
  }
> = {
  'host-unknown': {
    description: 'No such host is known.',
    open: async () => ({ baseURL: 'http://nowhere.invalid/v1', close: async () => {} }),
    // As Node fails; a real lookup would leave this machine.
    fetch: async () => {
      const cause = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.invalid'), {
        code: 'ENOTFOUND',
      });
      throw new TypeError('fetch failed', { cause });
    },
  },
  'address-malformed': {
    description: 'The address is none; nothing is sent.',
    open: async () => ({ baseURL: 'not an address', close: async () => {} }),
  },
  'nothing-listens': {
    description: 'Nothing listens at the address.',
    open: async () => {
      const { baseURL, close } = await listen();
      await close();
      return { baseURL, close: async () => {} };
    },
  },
  'no-tls': {
    description: 'The address says https, and the server does not speak it.',
    open: async () => {
      const { baseURL, close } = await listen();
      return { baseURL: baseURL.replace('http:', 'https:'), close };
    },
  },
};

async function listen() {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

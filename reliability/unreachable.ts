import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Places where no vendor can be reached, so that there is no fake vendor to play them. */
export const unreachable: Record<
  string,
  { description: string; open: () => Promise<{ baseURL: string; close: () => Promise<void> }> }
> = {
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

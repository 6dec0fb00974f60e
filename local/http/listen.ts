import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Answers one HTTP request; it must not reject. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP server on the loopback address, whose handler is attached once the services that need its URL exist. */
export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41233`, without a trailing slash. */
  readonly url: string;
  attach(handler: HttpHandler): void;
}

/**
 * Listens on 127.0.0.1, and nowhere else.
 *
 * @param port - 0 takes any free one.
 * @throws the system's `EADDRINUSE` when the port is taken.
 */
export async function listen(port: number): Promise<Listener> {
  let attached: HttpHandler | undefined;
  const server: Server = createServer(
    { keepAliveTimeout: 60_000, noDelay: true },
    (request, response) => {
      if (attached) void attached(request, response);
      else response.writeHead(503).end();
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('Expected a TCP address to listen on.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    attach: (handler) => {
      attached = handler;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

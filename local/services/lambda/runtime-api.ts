import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '#local/http/read-body.ts';
import { MAX_SYNC_PAYLOAD_BYTES } from '#local/services/lambda/payload-limits.ts';

/** What a runtime tells its host. */
export interface RuntimeListener {
  /** The runtime is ready for an event, and waits for it. */
  polled(): void;
  answered(answer: RuntimeAnswer): void;
  /** The code could not be loaded; the body says why. */
  initFailed(body: Buffer): void;
}

export interface RuntimeAnswer {
  readonly requestId: string;
  readonly isError: boolean;
  /** `undefined` when it is larger than Lambda takes. */
  readonly payload: Buffer | undefined;
}

/** Lambda's Runtime API for one execution environment. */
export interface RuntimeApi extends AsyncDisposable {
  /** `127.0.0.1:41233` */
  readonly address: string;
  /** Answers the poll that is open; each poll takes one event. */
  deliver(event: {
    readonly headers: Readonly<Record<string, string>>;
    readonly payload: Buffer;
  }): void;
}

const NEXT = '/2018-06-01/runtime/invocation/next';
const INIT_ERROR = '/2018-06-01/runtime/init/error';
const ANSWER = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/**
 * Serves the Runtime API to one environment, on a port of its own: the runtime client has no room for a path prefix.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  let poll: ServerResponse | undefined;
  const server = createServer(
    // The environment's connections stay open and silent for as long as it lives.
    { noDelay: true, keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 },
    (request, response) => {
      if (request.url === NEXT) {
        poll = response;
        listener.polled();
      } else void takeAnswer(request, response, listener);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver: ({ headers, payload }) => {
      poll?.writeHead(200, { 'content-type': 'application/json', ...headers }).end(payload);
      poll = undefined;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function takeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  listener: RuntimeListener,
): Promise<void> {
  let payload: Buffer | undefined;
  try {
    payload = await readBody(request, MAX_SYNC_PAYLOAD_BYTES);
  } catch {
    // The environment ended while it answered; its end is what counts.
    return;
  }
  const answer = ANSWER.exec(request.url ?? '');
  response.writeHead(payload === undefined ? 413 : 202).end();
  if (request.url === INIT_ERROR) listener.initFailed(payload ?? Buffer.alloc(0));
  else if (answer?.[1] !== undefined)
    listener.answered({
      requestId: decodeURIComponent(answer[1]),
      isError: answer[2] === 'error',
      payload,
    });
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import type { Fault, FaultableCall, Faults } from '#local/faults.ts';
import type { HttpHandler } from '#local/http/listen.ts';
import { readBody } from '#local/http/read-body.ts';
import type { RequestLog } from '#local/http/request-log.ts';
import { throttling } from '#local/http/throttling.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import type { Callers } from '#local/iam/callers.ts';
import {
  ACCESS_DENIED,
  type LocalService,
  type Operation,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';

/** What the front of every service shares. */
export interface ServingContext {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

/** One request on its way through the front. */
interface Exchange {
  readonly service: LocalService;
  readonly request: WireRequest;
  readonly context: ServingContext;
  readonly progress: Progress;
}

/** The mark that a request leaves in the activity, which changes as more is known of it. */
interface Progress {
  /** Begins the next mark before it ends the one before, or begins anew after an end. */
  as(what: string): void;
  end(): void;
}

/** Tells that a call ends without an answer: its connection is closed. */
const NO_ANSWER = Symbol('no answer');

/**
 * Puts a service behind HTTP: reads a request, finds its caller, counts it, lets it meet faults, checks what its role
 * grants, carries it out and answers.
 *
 * The service's `renderFault` is given, beside its own faults: `RequestEntityTooLarge` (413) for a body over its bound,
 * `AccessDenied` (403) for a call that is not granted, and `InternalServerError` (500) for an injected error or an
 * exception of the service; it maps each to the code of its own protocol.
 *
 * A call is under way until its answer has been handed to the system, except while an operation that `isWaiting` waits.
 *
 * @returns A handler that never rejects.
 */
export function serveService(service: LocalService, context: ServingContext): HttpHandler {
  return async (incoming, response) => {
    const progress = markProgress(context.activity, `${service.name} request`);
    try {
      const body = await readBody(incoming, service.maxBodyBytes);
      const request = wireRequest(incoming, body ?? Buffer.alloc(0), context.callers);
      const exchange = { service, request, context, progress };
      const answer =
        body === undefined ? render(exchange, tooLarge(service)) : await carryOut(exchange);
      if (answer === NO_ANSWER) incoming.socket.destroy();
      else await send(response, answer, context.clock);
    } catch (error) {
      // A client that goes away in the middle ends here too, and there is no one left to answer.
      if (!incoming.socket.destroyed) giveUp(response, service, error);
    } finally {
      progress.end();
    }
  };
}

function markProgress(activity: Activity, what: string): Progress {
  let end = activity.begin(what);
  return {
    as: (next) => {
      const previous = end;
      end = activity.begin(next);
      previous();
    },
    end: () => end(),
  };
}

function wireRequest(incoming: IncomingMessage, body: Buffer, callers: Callers): WireRequest {
  const url = incoming.url ?? '/';
  const queryAt = url.indexOf('?');
  const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1));
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(incoming.headersDistinct))
    headers[name] = values.join(name === 'cookie' ? '; ' : ',');
  return {
    method: incoming.method ?? 'GET',
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    query,
    headers,
    body,
    caller: callers.of(accessKeyOf(headers['authorization'], query)),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

/**
 * Reads the access key of a signed request.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function accessKeyOf(
  authorization: string | undefined,
  query: URLSearchParams,
): string | undefined {
  const credential =
    /\bCredential=([^,\s]+)/.exec(authorization ?? '')?.[1] ?? query.get('X-Amz-Credential');
  return credential?.split('/')[0];
}

function tooLarge(service: LocalService): ServiceFault {
  return new ServiceFault(
    'RequestEntityTooLarge',
    `Expected a body of at most ${service.maxBodyBytes} bytes.`,
    { status: 413 },
  );
}

async function carryOut(exchange: Exchange): Promise<WireResponse | typeof NO_ANSWER> {
  const { service, request, context } = exchange;
  let operation: Operation;
  try {
    operation = service.route(request);
  } catch (error) {
    return renderError(exchange, error);
  }
  const call = callOf(exchange, operation);
  exchange.progress.as(`${service.name} ${operation.name} by ${call.caller}`);
  context.requests.count(call);
  const fault = context.faults.meet(call);
  if (fault?.when === 'before') return disturb(exchange, fault);
  const answer = await run(exchange, operation);
  if (fault !== undefined) return disturb(exchange, fault);
  context.requests.answered({ ...call, status: answer.status, responseBody: answer.body ?? '' });
  return answer;
}

function callOf({ service, request }: Exchange, { name }: Operation): FaultableCall {
  const { caller, path, body } = request;
  return {
    service: service.name,
    operation: name,
    caller: caller.kind === 'operator' ? 'operator' : caller.actor,
    invocation: caller.kind === 'role' ? caller.invocation?.() : undefined,
    mentions: (text) => path.includes(text) || body.includes(text),
  };
}

async function run(exchange: Exchange, operation: Operation): Promise<WireResponse> {
  const { request, context, progress } = exchange;
  try {
    for (const permission of operation.permissions) {
      const decision = context.authorizer.decide(request.caller, permission);
      if (decision.kind === 'denied')
        throw new ServiceFault(ACCESS_DENIED, decision.message, { status: 403 });
    }
    if (operation.isWaiting) progress.end();
    return await operation.run();
  } catch (error) {
    return renderError(exchange, error);
  } finally {
    if (operation.isWaiting) progress.as(`${exchange.service.name} ${operation.name}, answering`);
  }
}

function disturb(exchange: Exchange, fault: Fault): WireResponse | typeof NO_ANSWER {
  if (fault.do === 'error') {
    const injected = new ServiceFault('InternalServerError', 'An injected fault.', { status: 500 });
    return render(exchange, injected);
  }
  if (fault.do === 'throttle') return render(exchange, throttling(exchange.service.name));
  const { caller } = exchange.request;
  if (fault.do === 'kill' && caller.kind === 'role') caller.kill?.();
  return NO_ANSWER;
}

function renderError(exchange: Exchange, error: unknown): WireResponse {
  if (error instanceof ServiceFault) return render(exchange, error);
  const { service, request } = exchange;
  console.error(`${service.name} ${request.method} ${request.path}:`, error);
  const internal = new ServiceFault('InternalServerError', 'The local service failed.', {
    status: 500,
    cause: error,
  });
  return render(exchange, internal);
}

function render({ service, request }: Exchange, fault: ServiceFault): WireResponse {
  try {
    return service.renderFault(fault, request);
  } catch (error) {
    console.error(`${service.name} could not put a fault in words:`, error);
    return { status: 500 };
  }
}

/** Resolves once the answer has been handed to the system, or the client has gone. */
async function send(response: ServerResponse, answer: WireResponse, clock: Clock): Promise<void> {
  response.statusCode = answer.status;
  response.setHeader('x-amzn-requestid', randomUUID());
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  // The SDKs take their clock offset from this header and would else sign with real time.
  response.setHeader('date', new Date(clock.nowMs()).toUTCString());
  if (response.destroyed) return;
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  response.end(answer.body);
  await closed;
}

/** Ends with a bare 500 where an answer cannot be sent, as one whose header holds a line break. */
function giveUp(response: ServerResponse, service: LocalService, error: unknown): void {
  console.error(`${service.name} could not send its answer:`, error);
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.statusCode = 500;
  response.end();
}

import { lookup } from 'node:dns/promises';
import { defineTask, type TaskRun } from '#shared/runner/define-task.ts';
import { type IsAllowedHost, readAllowedHosts } from './http-request/allowed-hosts.ts';
import { followRedirects } from './http-request/follow-redirects.ts';
import type { ResolveName } from './http-request/guarded-lookup.ts';
import { isExpectedStatus } from './http-request/is-expected-status.ts';
import { type PresentedBody, presentBody } from './http-request/present-body.ts';
import { ACCEPTED_ENCODINGS, readBody } from './http-request/read-body.ts';
import { type RequestInput, readInput } from './http-request/read-input.ts';
import { RequestFailed } from './http-request/request-failed.ts';
import { selectHeaders } from './http-request/select-headers.ts';
import { sendRequest } from './http-request/send-request.ts';

/** What a request was answered with. */
export interface RequestReport extends PresentedBody {
  readonly status: number;
  /** Those that say something of the answer; never a cookie or a token. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the redirects led, in order. */
  readonly redirects: readonly string[];
  readonly timing: {
    /** Until the headers of the last answer had come. */
    readonly firstByteMs: number;
    /** Until its body had come whole. */
    readonly totalMs: number;
  };
}

/** What of its surroundings a request depends on. */
export interface Surroundings {
  readonly isAllowedHost: IsAllowedHost;
  readonly resolve: ResolveName;
}

/**
 * Sends an HTTP request to the public internet, or to a host that the stack allows, and gives the answer.
 *
 * @throws {RequestRefused} for an input or an address that no attempt is made with.
 * @throws {RequestFailed} where no expected answer came. The name says why, and the message holds no header, query or body.
 */
export async function requestOverHttp(
  { input, signal }: Pick<TaskRun, 'input' | 'signal'>,
  surroundings: Surroundings,
): Promise<RequestReport> {
  const asked = readInput(input);
  const timeout = AbortSignal.timeout(asked.timeoutSeconds * 1000);
  try {
    return await exchange(asked, { ...surroundings, signal: AbortSignal.any([signal, timeout]) });
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw timedOut(asked, error);
  }
}

/** Runs {@link requestOverHttp} as a task. */
export const handler = defineTask((run) =>
  requestOverHttp(run, {
    isAllowedHost: readAllowedHosts(process.env['ALLOWED_HOSTS'] ?? ''),
    resolve: lookup,
  }),
);

/** Every request has these, unless the input has them itself. */
const DEFAULT_HEADERS = {
  accept: '*/*',
  'accept-encoding': ACCEPTED_ENCODINGS,
  'user-agent': 'almanac-http-request',
};

async function exchange(
  asked: RequestInput,
  sending: Surroundings & { readonly signal: AbortSignal },
): Promise<RequestReport> {
  const started = performance.now();
  const elapsedMs = () => Math.round(performance.now() - started);
  const { answer, method, redirects } = await followRedirects(
    asked,
    asked.followRedirects,
    (next) => sendRequest({ ...next, headers: { ...DEFAULT_HEADERS, ...next.headers } }, sending),
  );
  const firstByteMs = elapsedMs();
  const status = answer.statusCode ?? 0;
  if (!isExpectedStatus(status, asked.expectStatus)) {
    answer.destroy();
    throw new RequestFailed(
      'UnexpectedStatus',
      `Expected ${asked.url.host} to answer ${asked.expectStatus.join(' or ')}, got ${status}.`,
    );
  }
  const body = await readBody(answer, { method, maxBytes: asked.maxBytes });
  return {
    status,
    headers: selectHeaders(answer.headers),
    ...presentBody(body, answer.headers['content-type']),
    redirects,
    timing: { firstByteMs, totalMs: elapsedMs() },
  };
}

function timedOut({ url, timeoutSeconds }: RequestInput, cause: unknown): RequestFailed {
  return new RequestFailed(
    'RequestTimedOut',
    `Expected ${url.host} to answer whole within ${timeoutSeconds} seconds, got no end in that time.`,
    { cause },
  );
}

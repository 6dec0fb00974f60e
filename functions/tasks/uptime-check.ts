import { defineTask, type TaskRun } from '#shared/runner/define-task.ts';

/** What a check found: an answer of any status is a result, and only no answer is an error. */
export interface UptimeReport {
  readonly url: string;
  readonly status: number;
  /** Whether the status is from 200 to 299. */
  readonly ok: boolean;
  readonly redirected: boolean;
  readonly bodyBytes: number;
  readonly timing: {
    /** Until the headers had come. */
    readonly firstByteMs: number;
    /** Until the body had come whole. */
    readonly totalMs: number;
  };
}

const DEFAULT_TIMEOUT_SECONDS = 10;

/**
 * Gets a page over HTTP and tells how it answered and how fast.
 *
 * @throws where no answer came: an unknown host, a refused connection, or the end of `timeoutSeconds`.
 */
export async function checkUptime({
  input,
  signal,
}: Pick<TaskRun, 'input' | 'signal'>): Promise<UptimeReport> {
  const { url, timeoutSeconds } = readInput(input);
  const started = performance.now();
  const elapsedMs = () => Math.round(performance.now() - started);
  const response = await fetch(url, {
    headers: { 'user-agent': 'almanac-uptime-check' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
  });
  const firstByteMs = elapsedMs();
  const body = await response.arrayBuffer();
  return {
    url,
    status: response.status,
    ok: response.ok,
    redirected: response.redirected,
    bodyBytes: body.byteLength,
    timing: { firstByteMs, totalMs: elapsedMs() },
  };
}

/** Runs {@link checkUptime} as a task. */
export const handler = defineTask(checkUptime);

function readInput(input: unknown): { readonly url: string; readonly timeoutSeconds: number } {
  const { url, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: Record<string, unknown> = Object(input);
  if (typeof url !== 'string' || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new TypeError('Expected url to be an http or https address.');
  if (typeof timeoutSeconds !== 'number' || !(timeoutSeconds > 0 && timeoutSeconds <= 60))
    throw new TypeError('Expected timeoutSeconds to be more than 0 and at most 60.');
  return { url, timeoutSeconds };
}

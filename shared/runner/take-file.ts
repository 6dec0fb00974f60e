import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import { deliverByOf, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';
import type { ResultFile } from '#shared/runner/result-file.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';

const TAKEN = Symbol('taken file');

/** A file that has been read, in place of what the task returned. */
interface TakenFile {
  readonly [TAKEN]: StoredResult;
}

/**
 * Reads a file that a task has returned, as part of its attempt: under the attempt's own signal and time. What its stream throws fails the
 * attempt.
 */
export async function takeFile(
  file: ResultFile,
  run: { readonly start: Start; readonly job: ClaimedJob; readonly signal: AbortSignal },
  ports: Pick<RunnerPorts, 'payloads' | 'largestResultBytes' | 'nowMs'>,
): Promise<TakenFile> {
  const { storeFile } = await import('#shared/runner/store-file.ts');
  const { start, job: place, signal } = run;
  const now = secondsNow(ports);
  const { resultExpiresAt = now } = resolveExpiry({
    policy: start.policy,
    outcome: 'success',
    finishedAt: now,
    deliverBy: deliverByOf(start),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  const { largestResultBytes: largestBytes } = ports;
  const stored = await storeFile(
    file,
    {
      place,
      policy: start.policy,
      keptSeconds: resultExpiresAt - now,
      now,
      ...(largestBytes !== undefined && { largestBytes }),
      signal,
    },
    await ports.payloads(),
  );
  return { [TAKEN]: stored };
}

/** Finds what became of a file where the task returned one. */
export function takenFile(value: unknown): StoredResult | undefined {
  return isTaken(value) ? value[TAKEN] : undefined;
}

function isTaken(value: unknown): value is TakenFile {
  return typeof value === 'object' && value !== null && TAKEN in value;
}

import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf, type JobKey } from '#shared/domain/job/job-key.ts';
import type { JobHistory, JobReader } from '#shared/ports/job-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import { resultText } from '#shared/runner/result-text.ts';

/** The last job of the same schedule that went well. */
export interface PreviousSuccess {
  readonly id: string;
  /** Its nominal instant, as ISO 8601. */
  readonly fireTime: string;
  /** As ISO 8601. */
  readonly finishedAt: string;
  /**
   * Reads what it returned, by one more read, or two where it lies in the bucket.
   *
   * @returns The bytes of a file; `undefined` where none was kept, or its time is up.
   * @throws {AlmanacError} `store.unavailable`.
   */
  readonly result: () => Promise<unknown>;
}

/** What looking back needs of the world; the parts are loaded when first used. */
export interface HistoryPorts {
  readonly history: () => Promise<Pick<JobHistory, 'successBefore'> & Pick<JobReader, 'get'>>;
  readonly payloads: () => Promise<Pick<PayloadStore, 'getResult'>>;
  readonly now: () => EpochSeconds;
}

/**
 * Finds the newest successful job of a schedule whose fire time is before a job's own.
 *
 * @returns `undefined` where there is none among the 100 jobs before it, or all that went well have expired.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function findPreviousSuccess(
  key: JobKey,
  ports: HistoryPorts,
): Promise<PreviousSuccess | undefined> {
  const history = await ports.history();
  const job = await history.successBefore(key, ports.now());
  return (
    job && {
      id: job.id,
      fireTime: toIso(fireTimeOf(job.key)),
      finishedAt: job.finishedAt ?? '',
      result: () => readResult(job, ports),
    }
  );
}

async function readResult({ key }: Job, ports: HistoryPorts): Promise<unknown> {
  const history = await ports.history();
  const { content, resultExpiresAt = 0 } = (await history.get(key)) ?? {};
  if (!content || resultExpiresAt <= ports.now()) return undefined;
  if (content.kind === 'payload' && content.payload.encoding === undefined)
    return (await ports.payloads()).getResult(content.payload.key);
  const text = await resultText(content, ports.payloads);
  return text === undefined ? undefined : JSON.parse(text);
}

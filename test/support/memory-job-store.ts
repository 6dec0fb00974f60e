import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { Progress } from '#shared/domain/job/progress.ts';
import type {
  ClaimedJob,
  FailedAttempt,
  Fence,
  JobStanding,
  Settlement,
} from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { JobStore, Written } from '#shared/ports/job-store.ts';

/** A row as the rules of a job's life see it. */
export interface MemoryRow extends JobStanding {
  readonly settlement?: Settlement;
  readonly failure?: FailedAttempt;
  readonly progress?: Progress;
  readonly inputs?: readonly InputSource[];
  /** On a row that has yet to begin. */
  readonly start?: Start;
}

/** Jobs in memory, with DynamoDB's promise alone: each write is conditional and happens at once or not at all. */
export class MemoryJobStore implements JobStore {
  readonly rows = new Map<string, MemoryRow>();
  /** Every write that went through, in order, as `settle 1`. */
  readonly writes: string[] = [];
  /** Those of them that changed a job which had settled. */
  readonly lateWrites: string[] = [];

  create: JobStore['create'] = async (job) =>
    this.#write(`create ${job.attempt}`, { key: job.key }, running(job));

  createSettled: JobStore['createSettled'] = async ({ key, attempt = 0 }, settlement) =>
    this.#write('create settled', { key }, settled({ state: 'settled', attempt }, settlement));

  createWaiting: JobStore['createWaiting'] = async (start, waiting) =>
    this.#write(
      'create waiting',
      { key: keyOfStart(start) },
      { state: 'queued', attempt: 0, start, ...waiting },
    );

  wait: JobStore['wait'] = async (start, from, waiting) => {
    const key = keyOfStart(start);
    const row = { ...from, ...this.row(key), start, ...waiting };
    return this.#write(`wait ${from.attempt}`, { key, from }, row);
  };

  takeOver: JobStore['takeOver'] = async (job, from) =>
    this.#write(`take ${job.attempt}`, { key: job.key, from }, running(job));

  settle: JobStore['settle'] = async (key, from, settlement) =>
    this.#write(`settle ${from.attempt}`, { key, from }, settled(from, settlement));

  requestCancel: JobStore['requestCancel'] = async (key, from) =>
    this.#write(
      `request cancel ${from.attempt}`,
      { key, from },
      { ...from, ...this.row(key), isCancelRequested: true },
    );

  retry: JobStore['retry'] = async (key, from, failure) => {
    const found = this.row(key);
    if (found?.isCancelRequested) return { kind: 'refused', found };
    const row = { ...from, state: 'retrying' as const, attempts: failure.attempts, failure };
    return this.#write(`retry ${from.attempt}`, { key, from }, row);
  };

  noteInputs: JobStore['noteInputs'] = async (key, from, inputs) =>
    this.#write(
      `note inputs ${from.attempt}`,
      { key, from },
      { ...from, ...this.row(key), inputs },
    );

  report: JobStore['report'] = async (key, from, progress) =>
    this.#write(`report ${from.attempt}`, { key, from }, { ...from, ...this.row(key), progress });

  /** Reads a row as a job that was started as given, as {@link JobReader.get} does. */
  read(start: Start): Job | undefined {
    const key = keyOfStart(start);
    const row = this.row(key);
    if (!row) return undefined;
    const { settlement: _s, failure: _f, start: _t, ...standing } = row;
    return {
      key,
      id: jobId(key),
      task: start.task,
      revision: start.revision,
      deliverBy: deliverByOf(start),
      metadata: start.metadata ?? {},
      ...standing,
    };
  }

  /** Finds the newest success of a job's schedule before it, as {@link JobHistory.successBefore} does. */
  successBefore({ scheduleId, fireTime }: JobKey): Job | undefined {
    const before = [...this.rows.keys()]
      .filter((name) => name.startsWith(`${scheduleId}@`) && name < `${scheduleId}@${fireTime}`)
      .toSorted()
      .toReversed()
      .map((name) => this.settledJob({ scheduleId, fireTime: name.slice(scheduleId.length + 1) }));
    return before.find((job) => job?.outcome === 'success');
  }

  /** Reads a settled row as a job, with what is kept of its result. */
  settledJob(key: JobKey): Job | undefined {
    const { settlement, attempt = 1 } = this.row(key) ?? {};
    if (!settlement) return undefined;
    const { outcome, finishedAt, expiry, result } = settlement;
    return {
      key,
      id: jobId(key),
      task: 'sales-report',
      revision: 1,
      deliverBy: finishedAt,
      metadata: {},
      state: 'settled',
      attempt,
      outcome,
      finishedAt: toIso(finishedAt),
      ...(expiry.resultExpiresAt !== undefined && { resultExpiresAt: expiry.resultExpiresAt }),
      expiresAt: expiry.expiresAt,
      ...(result && 'content' in result && { content: result.content }),
      ...(result && 'hash' in result && { resultHash: result.hash }),
      ...(result?.state === 'unchanged' && { sameAs: result.sameAs }),
    };
  }

  row(key: JobKey): MemoryRow | undefined {
    return this.rows.get(nameOf(key));
  }

  #write(
    what: string,
    at: { readonly key: JobKey; readonly from?: Fence },
    row: MemoryRow,
  ): Written {
    const found = this.row(at.key);
    if (!isAsSeen(found, at.from)) return { kind: 'refused', ...(found && { found }) };
    if (found?.state === 'settled') this.lateWrites.push(what);
    this.rows.set(nameOf(at.key), row);
    this.writes.push(what);
    return { kind: 'written' };
  }
}

function isAsSeen(found: MemoryRow | undefined, from: Fence | undefined): boolean {
  return (
    found?.state === from?.state && found?.attempt === from?.attempt && found?.owner === from?.owner
  );
}

function running({ attempt, owner, startedAt, leaseUntil, attempts }: ClaimedJob): MemoryRow {
  return {
    state: 'running',
    attempt,
    owner,
    startedAt: toIso(startedAt),
    leaseUntil,
    ...(attempts && { attempts }),
  };
}

function settled(from: Fence, settlement: Settlement): MemoryRow {
  const { outcome, attempts } = settlement;
  return { ...from, state: 'settled', outcome, ...(attempts && { attempts }), settlement };
}

function nameOf({ scheduleId, fireTime }: JobKey): string {
  return `${scheduleId}@${fireTime}`;
}

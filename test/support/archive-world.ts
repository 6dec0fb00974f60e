import { archiveJobs } from '#functions/archive-jobs/archive-jobs.ts';
import type { ArchiveEnd } from '#functions/archive-jobs/archive-ports.ts';
import type {
  ArchiveProgress,
  ExpiryPlace,
  ShardOfDay,
} from '#shared/domain/archive/archive-progress.ts';
import type { ArchiveRow } from '#shared/domain/archive/archive-row.ts';
import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { aJob } from '#test/support/a-job.ts';

/** When the day of the jobs of an {@link ArchiveWorld} has ended, and may be archived. */
export const DAY_AFTER: EpochSeconds = fromIso('2026-11-24T01:41:00Z') ?? 0;

/** A call that an invocation dies at. */
export interface Death {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** Jobs that expired on 23 November 2026, an archive in memory, and what archiving does with them. */
export class ArchiveWorld {
  nowSeconds: EpochSeconds = DAY_AFTER;
  dieAt: Death | undefined;
  /** Calls that write, over all invocations. */
  calls = 0;
  /** After so many chunks an invocation has no time left. */
  chunksPerInvocation = Number.POSITIVE_INFINITY;
  /** Entries that the index does not have yet. */
  readonly behind = new Set<string>();
  readonly jobs = new Map<string, Job>();
  readonly objects = new Map<string, Uint8Array>();
  readonly copies = new Map<string, string>();
  readonly files = new Map<string, readonly ArchiveRow[]>();
  readonly progress = new Map<string, ArchiveProgress>();

  /** Adds a job of the task `sales-report` that expired at an instant of that day, and is kept for a year unless told otherwise. */
  add(key: JobKey, changes: Partial<Job> = {}, archiveDays = 365): Job {
    const at = fromIso(key.fireTime.slice(0, 20)) ?? 0;
    const times = expiryAttributes(key, { resultExpiresAt: at, expiresAt: at, archiveDays }, at);
    const job = aJob({ key, archiveDays, ...times, ...changes });
    this.jobs.set(job.id, job);
    return job;
  }

  /** Archives, for as long as one invocation has time. */
  archive(): Promise<ArchiveEnd> {
    let chunks = 0;
    return archiveJobs({
      now: () => this.nowSeconds,
      hasTime: () => chunks < this.chunksPerInvocation,
      expired: {
        page: async (place, limit, after) => this.#page(place, limit, after),
        rows: async (keys) =>
          new Map(
            keys.flatMap((key) => {
              const job = this.jobs.get(jobId(key));
              return job ? [[job.id, job] as const] : [];
            }),
          ),
      },
      payloads: { getResult: async (key) => this.objects.get(key) },
      copies: {
        copy: ({ key: from }, to) =>
          this.#call(() => {
            if (!this.objects.has(from)) return false;
            this.copies.set(to, from);
            return true;
          }),
      },
      files: { put: (key, rows) => this.#call(() => void this.files.set(key, rows)) },
      progress: {
        read: async ({ day, shard }) => this.progress.get(`${day}#${shard}`),
        save: (progress) =>
          this.#call(() => {
            const place = `${progress.day}#${progress.shard}`;
            if ((this.progress.get(place)?.step ?? 0) !== progress.step - 1) return false;
            if (progress.chunks > 0) chunks += 1;
            this.progress.set(place, progress);
            return true;
          }),
      },
    });
  }

  /** Every job of the archive, over all its files. */
  archived(): readonly string[] {
    return [...this.files.values()].flat().map(({ job_id }) => job_id);
  }

  async #call<Answer>(act: () => Answer): Promise<Answer> {
    this.calls += 1;
    const death = this.dieAt?.call === this.calls ? this.dieAt.when : undefined;
    if (death === 'before') throw new Error('The invocation died.');
    const answer = act();
    if (death === 'after') throw new Error('The invocation died.');
    return answer;
  }

  #page({ day, shard }: ShardOfDay, limit: number, after: ExpiryPlace | undefined) {
    const all = [...this.jobs.values()]
      .filter(({ id, expiryDay }) => expiryDay === `${day}#${shard}` && !this.behind.has(id))
      .map(({ key, expiryAt = '' }) => ({ expiryAt, key }))
      .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
    const following = all.filter((entry) => !after || placeOf(entry) > placeOf(after));
    return { entries: following.slice(0, limit), isLast: following.length <= limit };
  }
}

function placeOf({ expiryAt, key }: ExpiryPlace): string {
  return `${expiryAt} ${jobId(key)}`;
}

import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import { ARCHIVE_GRACE_DAYS } from '#shared/domain/result/expiry-attributes.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayOf, dayStart } from '#shared/domain/utc-day.ts';

/** One shard of the jobs that expired on a day: what is archived at one go. */
export interface ShardOfDay {
  /** `2026-11-23`. */
  readonly day: string;
  readonly shard: number;
}

/** Where an entry stands among those of its shard: by when it expired, and by its job. */
export interface ExpiryPlace {
  readonly expiryAt: string;
  readonly key: JobKey;
}

/** How far a shard has been archived. */
export interface ArchiveProgress extends ShardOfDay {
  /** Counts the writes of this progress, from 1; 0 where there was none. */
  readonly step: number;
  /** `checked` a day after it was written: nothing has come to it since. */
  readonly phase: 'writing' | 'written' | 'checked';
  /** Up to where its jobs are in files; absent: none is. */
  readonly after?: ExpiryPlace;
  readonly chunks: number;
  /** Entries of the index that were looked at, of which each is a job's. */
  readonly entries: number;
  /** Until when one invocation has it to itself; absent: nobody has. */
  readonly leaseUntil?: EpochSeconds;
}

/** What is to be done about a shard. */
export type ShardDecision = 'write' | 'recount' | 'held' | 'done';

/** A write that was under way when a day ended has come to its row, and to the index, by then. */
const CLOSING_SECONDS = 3_600;

/** Longer than any invocation lives: whoever holds a lease is alone. */
const LEASE_SECONDS = 960;

/**
 * Lists the days whose expired jobs are to be archived now, oldest first.
 *
 *     day        + 1 h                      + 4 days       + 5 days
 *      |── ends ──|── written, and counted again ──|            |── its first rows go ──
 */
export function daysToArchive(now: EpochSeconds): readonly string[] {
  const today = dayStart(now);
  const starts = Array.from(
    { length: ARCHIVE_GRACE_DAYS },
    (_, at) => today - (ARCHIVE_GRACE_DAYS - at) * DAY_SECONDS,
  );
  return starts
    .filter(
      (start) => closesAt(start) <= now && now < start + (ARCHIVE_GRACE_DAYS - 1) * DAY_SECONDS,
    )
    .map(dayOf);
}

/** Begins the progress of a shard that nobody has looked at. */
export function noProgress({ day, shard }: ShardOfDay): ArchiveProgress {
  return { day, shard, step: 0, phase: 'writing', chunks: 0, entries: 0 };
}

/** Forgets the files of a shard to which more jobs have come: they are written over. */
export function writtenAnew({ day, shard, step }: ArchiveProgress): ArchiveProgress {
  return { ...noProgress({ day, shard }), step };
}

/** Takes a shard for one invocation, or keeps it. */
export function leased(progress: ArchiveProgress, now: EpochSeconds): ArchiveProgress {
  return { ...progress, step: progress.step + 1, leaseUntil: now + LEASE_SECONDS };
}

/** Lets a shard go, for whoever comes next. */
export function released({ leaseUntil: _, ...progress }: ArchiveProgress): ArchiveProgress {
  return { ...progress, step: progress.step + 1 };
}

/**
 * Decides what is to be done about a shard.
 *
 * Its jobs are found by an index, which may be behind. A day later it is counted again, and written anew if it has more: its rows are still
 * there.
 */
export function decideShard(progress: ArchiveProgress, now: EpochSeconds): ShardDecision {
  const { phase, leaseUntil = 0, day } = progress;
  if (leaseUntil > now) return 'held';
  switch (phase) {
    case 'writing':
      return 'write';
    case 'written':
      return now >= closesAt(Date.parse(day) / 1_000) + DAY_SECONDS ? 'recount' : 'done';
    case 'checked':
      return 'done';
  }
}

function closesAt(start: EpochSeconds): EpochSeconds {
  return start + DAY_SECONDS + CLOSING_SECONDS;
}

import { OUTCOMES, type Outcome } from '#shared/domain/job/outcome.ts';

/** Where a stored result lies: in its job's row, or in the payload bucket. */
export type Tier = 'inline' | 's3';

/** What one schedule's jobs have come to: in all, or on one day. */
export interface Usage {
  /** Settled jobs by how they ended; all outcomes are there. */
  readonly jobs: Readonly<Record<Outcome, number>>;
  /** Results that were written, by where they lie. */
  readonly written: Readonly<Record<Tier, Stock>>;
  /** Those that have gone with their rows. */
  readonly removed: Readonly<Record<Tier, Stock>>;
  /** DynamoDB write units of claims, settles and their index entries. */
  readonly writeUnits: number;
  readonly lastJob?: LastJob;
  readonly lastSuccess?: LastJob;
  /** Sequence number of the last settle that is counted in here; `''` before the first. */
  readonly settledUpTo: string;
  /** The same of removals, which run apart from settles. */
  readonly removedUpTo: string;
}

export interface Stock {
  readonly count: number;
  /** As stored: compressed where the result is. */
  readonly bytes: number;
}

export interface LastJob {
  readonly jobId: string;
  readonly outcome: Outcome;
  readonly finishedAt: string;
}

/** One record of the Jobs stream, as far as it counts. */
export interface JobChange {
  readonly kind: 'settled' | 'removed';
  /** The stream's sequence number in {@link comparableSequence}'s form. */
  readonly sequence: string;
  readonly jobId: string;
  readonly outcome: Outcome;
  readonly finishedAt: string;
  readonly writeUnits: number;
  readonly stored?: { readonly tier: Tier; readonly bytes: number };
}

/** A schedule's usage before its first job. */
export const NO_USAGE: Usage = {
  jobs: noJobs(),
  written: { inline: { count: 0, bytes: 0 }, s3: { count: 0, bytes: 0 } },
  removed: { inline: { count: 0, bytes: 0 }, s3: { count: 0, bytes: 0 } },
  writeUnits: 0,
  settledUpTo: '',
  removedUpTo: '',
};

/**
 * Counts changes into a usage, each once: one at or below the fence has been counted before, in this delivery or an earlier one.
 *
 * @param changes - Of one schedule, in the stream's order; repeated and overlapping deliveries are harmless.
 */
export function countChanges(usage: Usage, changes: readonly JobChange[]): Usage {
  return changes.reduce(countChange, usage);
}

/** Tells what is stored, by where it lies: of all that was written, what has not been removed. */
export function storedNow({ written, removed }: Usage): Readonly<Record<Tier, Stock>> {
  return { inline: minus(written.inline, removed.inline), s3: minus(written.s3, removed.s3) };
}

/**
 * Writes a stream's sequence number so that text order is number order.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html (21 to 40 digits)
 */
export function comparableSequence(sequenceNumber: string): string {
  return sequenceNumber.padStart(40, '0');
}

function countChange(usage: Usage, change: JobChange): Usage {
  return change.kind === 'settled' ? countSettle(usage, change) : countRemoval(usage, change);
}

function countSettle(usage: Usage, change: JobChange): Usage {
  if (change.sequence <= usage.settledUpTo) return usage;
  const last: LastJob = {
    jobId: change.jobId,
    outcome: change.outcome,
    finishedAt: change.finishedAt,
  };
  return {
    ...usage,
    jobs: { ...usage.jobs, [change.outcome]: usage.jobs[change.outcome] + 1 },
    written: addStock(usage.written, change),
    writeUnits: usage.writeUnits + change.writeUnits,
    lastJob: later(usage.lastJob, last),
    ...(change.outcome === 'success' && { lastSuccess: later(usage.lastSuccess, last) }),
    settledUpTo: change.sequence,
  };
}

function countRemoval(usage: Usage, change: JobChange): Usage {
  if (change.sequence <= usage.removedUpTo) return usage;
  return {
    ...usage,
    removed: addStock(usage.removed, change),
    removedUpTo: change.sequence,
  };
}

function addStock(
  stocks: Readonly<Record<Tier, Stock>>,
  { stored }: JobChange,
): Readonly<Record<Tier, Stock>> {
  if (!stored) return stocks;
  const { count, bytes } = stocks[stored.tier];
  return { ...stocks, [stored.tier]: { count: count + 1, bytes: bytes + stored.bytes } };
}

function minus(one: Stock, other: Stock): Stock {
  return { count: one.count - other.count, bytes: one.bytes - other.bytes };
}

/** Streams of two shards may cross, so the last job moves only forward. */
function later(known: LastJob | undefined, candidate: LastJob): LastJob {
  return known && known.finishedAt > candidate.finishedAt ? known : candidate;
}

function noJobs(): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

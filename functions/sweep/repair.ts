/** What a sweep does that someone else should have done. */
export const REPAIRS = [
  /** A planned schedule was told that its fire time has come. */
  'advanced',
  /** A change that had not reached EventBridge was sent again. */
  'woken',
  /** A fire time without a job was started. */
  'started',
  /** A start that a job waits for was sent again. */
  'resent',
  /** A job was settled as `missed`: one that nothing started in time. */
  'missed',
  /** A job was settled as `skipped`: one that a pause left out. */
  'skipped',
  /** An end that could not be written to its job was written. */
  'completed',
  /** A dead attempt was let go for the next one. */
  'retried',
  /** A job was settled whose last attempt had died. */
  'abandoned',
  /** A schedule was set pending whose copy in EventBridge was not as it should be. */
  'drifted',
  /** A schedule could not be looked at; the next round tries again. */
  'failed',
] as const;

export type Repair = (typeof REPAIRS)[number];

/** How often each was done. */
export type Repairs = Readonly<Record<Repair, number>>;

/** Counts repairs; what was none is left out. */
export function countRepairs(repairs: readonly (Repair | undefined)[]): Repairs {
  const counts = Object.fromEntries(REPAIRS.map((repair) => [repair, 0])) as Record<Repair, number>;
  for (const repair of repairs) if (repair !== undefined) counts[repair] += 1;
  return counts;
}

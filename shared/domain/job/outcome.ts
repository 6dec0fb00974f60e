/** How a job ended. */
export const OUTCOMES = [
  'success',
  'error',
  'timed-out',
  'missed',
  'skipped',
  'cancelled',
  'abandoned',
  'undelivered',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Tells whether someone should look at a job that ended so; the `byFailure` index lists these. */
export function isFailure(outcome: Outcome): boolean {
  return (
    outcome === 'error' ||
    outcome === 'timed-out' ||
    outcome === 'abandoned' ||
    outcome === 'undelivered' ||
    outcome === 'missed'
  );
}

/** The outcomes that {@link isFailure} is true of. */
export const FAILURES: readonly Outcome[] = OUTCOMES.filter(isFailure);

import type { BackdatingCounts } from '#shared/domain/backdating/backdating.ts';

/** What came of a job that a backdating has looked at. */
export type Backdated = Exclude<keyof BackdatingCounts, 'looked'>;

/** Adds what came of a page's jobs to what was counted before; a job that was moved has been changed too. */
export function tally(before: BackdatingCounts, backdated: readonly Backdated[]): BackdatingCounts {
  const counts: Record<keyof BackdatingCounts, number> = { ...before };
  for (const one of backdated) {
    counts.looked += 1;
    counts[one] += 1;
    if (one === 'moved') counts.changed += 1;
  }
  return counts;
}

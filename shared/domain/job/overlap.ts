/**
 * What becomes of a schedule's job that is due while another of its jobs has not ended; the first is the default.
 *
 * - `allow-all`: both run.
 * - `skip`: it is left out.
 * - `buffer-one`: it waits; while one waits, others are left out.
 * - `buffer-all`: it waits, behind those that wait already.
 * - `cancel-other`: the other is asked to end, and it begins when that has ended; an older one that waits is cancelled.
 * - `terminate-other`: the other is settled `cancelled` at once, whatever it does, and it begins.
 *
 * @see https://docs.temporal.io/schedule#overlap-policy where the six and their names come from
 */
export const OVERLAPS = [
  'allow-all',
  'skip',
  'buffer-one',
  'buffer-all',
  'cancel-other',
  'terminate-other',
] as const;

export type Overlap = (typeof OVERLAPS)[number];

/** Tells whether a job may have to give way to a later one, and so has to look whether it still may go on. */
export function givesWay(overlap: Overlap | undefined): boolean {
  return overlap === 'cancel-other' || overlap === 'terminate-other';
}

/** Tells whether jobs may wait for another of their schedule to end. */
export function mayWait(overlap: Overlap | undefined): boolean {
  return overlap === 'buffer-one' || overlap === 'buffer-all' || overlap === 'cancel-other';
}

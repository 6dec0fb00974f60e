import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { rowKeptUntil } from '#shared/domain/job/row-kept-until.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';

/** Finds until when the job of a start, if it has begun, surely has a row: until then a job without one has never begun. */
export function surelyKeptUntil(start: Start): EpochSeconds {
  const { policy } = start;
  const begun = fireTimeOf(keyOfStart(start));
  return rowKeptUntil({ begun, deliverBy: deliverByOf(start), policy });
}

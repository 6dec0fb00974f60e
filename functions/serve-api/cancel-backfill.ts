import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';
import { findBackfill } from './find-backfill.ts';

/** Each lost race means that the backfill has done a step. */
const MOST_ROUNDS = 5;

/**
 * Stops a backfill: it starts no further job. Those that are under way run to their end, and can be cancelled each by itself.
 *
 * @returns The backfill as it is now: a request for one that is cancelled already changes nothing.
 * @throws {AlmanacError} `backfill.not-found`; `backfill.ended` where it has come to its end; `store.unavailable`.
 */
export async function cancelBackfill(
  { scheduleId, backfillId }: Pick<Backfill, 'scheduleId' | 'backfillId'>,
  { by, now }: { readonly by: string; readonly now: EpochSeconds },
  backfills: Pick<BackfillStore, 'read' | 'replace'>,
): Promise<Backfill> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const backfill = await findBackfill(scheduleId, backfillId, backfills);
    if (backfill.state === 'cancelled') return backfill;
    if (backfill.state === 'completed')
      throw new AlmanacError(
        'backfill.ended',
        `Expected \`${backfillId}\` to be running, got one that has come to its end.`,
      );
    const version = backfill.version + 1;
    const cancelled: Backfill = {
      ...backfill,
      state: 'cancelled',
      endedAt: now,
      version,
      writtenBy: by,
    };
    if (await backfills.replace(cancelled)) return cancelled;
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to cancel \`${backfillId}\` within ${MOST_ROUNDS} tries, got a step of it before each. Try again.`,
  );
}

import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';

/** As a ULID is written. See https://github.com/ulid/spec */
const BACKFILL_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Finds a backfill by the ids in an address.
 *
 * @throws {AlmanacError} `backfill.not-found`, also for what cannot be an id.
 */
export async function findBackfill(
  scheduleId: string,
  backfillId: string,
  backfills: Pick<BackfillStore, 'read'>,
): Promise<Backfill> {
  const canBe = ID_PATTERN.test(scheduleId) && BACKFILL_ID.test(backfillId);
  const backfill = canBe ? await backfills.read(scheduleId, backfillId) : undefined;
  if (backfill) return backfill;
  throw new AlmanacError(
    'backfill.not-found',
    `Expected a backfill \`${backfillId.slice(0, 64)}\` of \`${scheduleId.slice(0, 64)}\`, got none.`,
  );
}

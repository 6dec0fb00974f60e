import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Errand, ErrandKind } from '#shared/domain/errand/errand.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';

/** Which errand an address names. */
export interface ErrandAddress {
  readonly kind: ErrandKind;
  readonly scheduleId: string;
  readonly errandId: string;
}

/** As a ULID is written. See https://github.com/ulid/spec */
const ERRAND_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Finds an errand by the ids in an address.
 *
 * @throws {AlmanacError} `backfill.not-found` or `backdating.not-found`, also for what cannot be an id.
 */
export async function findErrand<Kind extends Errand>(
  { kind, scheduleId, errandId }: ErrandAddress,
  errands: Pick<ErrandStore<Kind>, 'read'>,
): Promise<Kind> {
  const canBe = ID_PATTERN.test(scheduleId) && ERRAND_ID.test(errandId);
  const errand = canBe ? await errands.read(scheduleId, errandId) : undefined;
  if (errand) return errand;
  throw new AlmanacError(
    `${kind}.not-found`,
    `Expected a ${kind} \`${errandId.slice(0, 64)}\` of \`${scheduleId.slice(0, 64)}\`, got none.`,
  );
}

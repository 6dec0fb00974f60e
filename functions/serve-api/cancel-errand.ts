import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Errand } from '#shared/domain/errand/errand.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import { type ErrandAddress, findErrand } from './find-errand.ts';

/** Each lost race means that the errand has done a step. */
const MOST_ROUNDS = 5;

/**
 * Stops an errand: it does no further step. What it has done stays done, and the jobs that it has started run to their end.
 *
 * @returns The errand as it is now: a request for one that is cancelled already changes nothing.
 * @throws {AlmanacError} `backfill.not-found` or `backdating.not-found`; `backfill.ended` or `backdating.ended` where it has come to its
 * end; `store.unavailable`.
 */
export async function cancelErrand<Kind extends Errand>(
  address: ErrandAddress,
  { by, now }: { readonly by: string; readonly now: EpochSeconds },
  errands: Pick<ErrandStore<Kind>, 'read' | 'replace'>,
): Promise<Kind> {
  const { kind, errandId } = address;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const errand = await findErrand(address, errands);
    if (errand.state === 'cancelled') return errand;
    if (errand.state === 'completed')
      throw new AlmanacError(
        `${kind}.ended`,
        `Expected \`${errandId}\` to be running, got one that has come to its end.`,
      );
    const version = errand.version + 1;
    const cancelled: Kind = { ...errand, state: 'cancelled', endedAt: now, version, writtenBy: by };
    if (await errands.replace(cancelled)) return cancelled;
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to cancel \`${errandId}\` within ${MOST_ROUNDS} tries, got a step of it before each. Try again.`,
  );
}

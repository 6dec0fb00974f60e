import * as z from 'zod';
import { ERRAND_KEPT_SECONDS, ERRAND_STATES, type Errand } from '#shared/domain/errand/errand.ts';

/** How errands of one kind are written as items of the Schedules table. */
export interface ErrandItems<Kind extends Errand> {
  /**
   * The sort key of one: before those of its schedule's own parts, and in no index.
   *
   * @param errandId - Empty: what the keys of all begin with.
   */
  readonly partOf: (errandId: string) => string;
  readonly toItem: (errand: Kind) => Record<string, unknown>;
  /** @throws a schema error for an item that Almanac did not write. */
  readonly fromItem: (item: unknown) => Kind;
}

/** The attributes that every errand's item has. */
export const errandItem = z.object({
  scheduleId: z.string(),
  part: z.string(),
  state: z.enum(ERRAND_STATES),
  by: z.string(),
  note: z.string().exactOptional(),
  createdAt: z.int(),
  endedAt: z.int().exactOptional(),
  reason: z.string().exactOptional(),
  waitSeconds: z.int(),
  version: z.int(),
  writtenBy: z.string(),
});

/** Has an errand's item leave by TTL some time after its end. */
export function leaving({ endedAt }: Errand): { readonly expiresAt?: number } {
  return endedAt === undefined ? {} : { expiresAt: endedAt + ERRAND_KEPT_SECONDS };
}

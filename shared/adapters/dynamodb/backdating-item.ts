import * as z from 'zod';
import { type ErrandItems, errandItem, leaving } from '#shared/adapters/dynamodb/errand-item.ts';
import { schedulePolicy } from '#shared/adapters/dynamodb/schedule-item.ts';
import type { Backdating } from '#shared/domain/backdating/backdating.ts';

const backdatingItem = errandItem.extend({
  policy: schedulePolicy,
  revision: z.int(),
  to: z.int(),
  isAlone: z.literal(true).exactOptional(),
  after: z.string().exactOptional(),
  places: z.object({ last: z.int(), success: z.boolean() }),
  counts: z.object({
    looked: z.int(),
    changed: z.int(),
    moved: z.int(),
    unchanged: z.int(),
    leftAlone: z.int(),
    expired: z.int(),
    open: z.int(),
  }),
});

const PREFIX = 'backdating#';

/** How backdatings are written. */
export const BACKDATING_ITEMS: ErrandItems<Backdating> = {
  partOf: (errandId) => `${PREFIX}${errandId}`,
  toItem: (backdating) => {
    const { errandId, ...fields } = backdating;
    return { ...fields, part: `${PREFIX}${errandId}`, ...leaving(backdating) };
  },
  fromItem: (item) => {
    const { part, ...fields } = backdatingItem.parse(item);
    return { ...fields, errandId: part.slice(PREFIX.length) };
  },
};

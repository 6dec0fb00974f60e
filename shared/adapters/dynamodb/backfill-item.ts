import * as z from 'zod';
import { type ErrandItems, errandItem, leaving } from '#shared/adapters/dynamodb/errand-item.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';

const epochSeconds = z.int();

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const backfillItem = errandItem.extend({
  from: epochSeconds,
  to: epochSeconds,
  overlap: z.enum(OVERLAPS).exactOptional(),
  isForced: z.boolean(),
  trigger: z.object({
    trigger: jsonText.pipe(z.record(z.string(), z.unknown())),
    calendars: jsonText.pipe(z.record(z.string(), z.array(z.string()))).exactOptional(),
    anchorAt: epochSeconds,
  }),
  scheduleCreatedAt: epochSeconds,
  counts: z.object({
    due: z.int(),
    started: z.int(),
    settled: z.int(),
    running: z.int(),
    unknown: z.int(),
  }),
  lookFrom: epochSeconds,
  open: z.array(
    z.object({ fireTime: epochSeconds, sentAt: epochSeconds, deliverBy: epochSeconds }),
  ),
  sendingAt: epochSeconds.exactOptional(),
});

const PREFIX = 'backfill#';

/** How backfills are written. */
export const BACKFILL_ITEMS: ErrandItems<Backfill> = {
  partOf: (errandId) => `${PREFIX}${errandId}`,
  toItem: (backfill) => {
    const { errandId, trigger, ...fields } = backfill;
    const { calendars } = trigger;
    return {
      ...fields,
      part: `${PREFIX}${errandId}`,
      trigger: {
        trigger: JSON.stringify(trigger.trigger),
        ...(calendars && { calendars: JSON.stringify(calendars) }),
        anchorAt: trigger.anchorAt,
      },
      ...leaving(backfill),
    };
  },
  fromItem: (item) => {
    const { part, ...fields } = backfillItem.parse(item);
    return { ...fields, errandId: part.slice(PREFIX.length) };
  },
};

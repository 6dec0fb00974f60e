import * as z from 'zod';
import {
  BACKFILL_KEPT_SECONDS,
  BACKFILL_STATES,
  type Backfill,
} from '#shared/domain/backfill/backfill.ts';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';

const epochSeconds = z.int();

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const backfillItem = z.object({
  scheduleId: z.string(),
  part: z.string(),
  state: z.enum(BACKFILL_STATES),
  from: epochSeconds,
  to: epochSeconds,
  overlap: z.enum(OVERLAPS).exactOptional(),
  isForced: z.boolean(),
  by: z.string(),
  note: z.string().exactOptional(),
  createdAt: epochSeconds,
  endedAt: epochSeconds.exactOptional(),
  reason: z.string().exactOptional(),
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
  waitSeconds: z.int(),
  version: z.int(),
  writtenBy: z.string(),
});

/** The sort key of a backfill: before those of its schedule's own parts, and in no index. */
export function partOf(backfillId: string): string {
  return `backfill#${backfillId}`;
}

/** Writes a backfill as its item; it leaves by TTL some time after its end. */
export function backfillToItem(backfill: Backfill): Record<string, unknown> {
  const { backfillId, trigger, ...fields } = backfill;
  const { calendars } = trigger;
  return {
    ...fields,
    part: partOf(backfillId),
    trigger: {
      trigger: JSON.stringify(trigger.trigger),
      ...(calendars && { calendars: JSON.stringify(calendars) }),
      anchorAt: trigger.anchorAt,
    },
    ...(backfill.endedAt !== undefined && { expiresAt: backfill.endedAt + BACKFILL_KEPT_SECONDS }),
  };
}

/**
 * Reads a backfill from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function backfillFromItem(item: unknown): Backfill {
  const { part, ...fields } = backfillItem.parse(item);
  return { ...fields, backfillId: part.slice(partOf('').length) };
}

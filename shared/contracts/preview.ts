import * as z from 'zod';
import { instant } from '#shared/contracts/instant.ts';
import { DEFAULT_PREVIEW_COUNT } from '#shared/domain/schedule/preview.ts';

/** One answer of the API shows at most so many fire times. */
const LARGEST_COUNT = 100;

const countRule = { error: `Expected \`count\` to be a whole number from 1 to ${LARGEST_COUNT}.` };
const countMeta = { description: `1 to ${LARGEST_COUNT}; ${DEFAULT_PREVIEW_COUNT} when absent.` };

const from = instant('from')
  .exactOptional()
  .meta({ description: 'Fire times are strictly after it; now when absent.' });

/** The body of `POST /v1/preview`. */
export const previewBody = z.strictObject({
  trigger: z.record(z.string(), z.unknown()).meta({
    description:
      'As in a schedule; one that is too frequent, or has passed, is shown too. An interval without `startAt` counts from the full minute at or after `from`.',
    examples: [{ kind: 'cron', expression: '30 2 * * *', timeZone: 'America/New_York' }],
  }),
  from,
  count: z
    .int(countRule)
    .min(1, countRule)
    .max(LARGEST_COUNT, countRule)
    .default(DEFAULT_PREVIEW_COUNT)
    .meta(countMeta),
});

/** The query of `GET /v1/schedules/{scheduleId}/preview`. */
export const previewQuery = z.object({
  from,
  count: z
    .string()
    .regex(/^\d{1,3}$/, countRule)
    .transform(Number)
    .pipe(z.number().min(1, countRule).max(LARGEST_COUNT, countRule))
    .default(DEFAULT_PREVIEW_COUNT)
    .meta(countMeta),
});

const utc = z.iso.datetime().meta({ description: 'ISO 8601, UTC, whole seconds.' });

/** A preview as the API answers it. */
export const previewResource = z.object({
  description: z.string().meta({ description: 'One English sentence.' }),
  timeZone: z.string().meta({ description: 'The zone of `local`.' }),
  mode: z.enum(['native', 'planned', 'dependent']).meta({
    description:
      "Whether EventBridge holds the trigger itself, or is told each fire time; `dependent`: another schedule's jobs fire it.",
  }),
  eventBridge: z
    .object({ expression: z.string(), timeZone: z.string() })
    .exactOptional()
    .meta({ description: 'What EventBridge holds of a native trigger.' }),
  reason: z.string().exactOptional().meta({ description: 'Why a trigger is planned.' }),
  fireTimes: z.array(
    z.object({
      fireTime: utc,
      local: z.string().meta({ description: 'The same, with the offset of the zone.' }),
      notes: z
        .array(z.enum(['shifted', 'repeated']))
        .exactOptional()
        .meta({ description: 'What a clock change does to it.' }),
    }),
  ),
  omitted: z
    .array(
      z.object({
        note: z.enum(['skipped', 'excluded']),
        local: z.string().meta({ description: 'A time that a clock change skips has no offset.' }),
        timeZone: z.string(),
        fireTime: utc.exactOptional(),
        changeAt: utc.exactOptional(),
      }),
    )
    .meta({
      description:
        'What a clock change skips and an exclusion suppresses, up to the last of `fireTimes`; the first 100.',
    }),
  hasMoreOmitted: z.boolean(),
  exhausted: z
    .boolean()
    .meta({ description: 'Whether fewer fire times are left than were asked for.' }),
});

import * as z from 'zod';
import { newScheduleBody } from '#shared/contracts/schedule-body.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { PAYLOAD_CLASS_DAYS } from '#shared/domain/result/payload-class.ts';
import { RESULT_STATES } from '#shared/domain/result/stored-result.ts';

/** The body of `POST /v1/retention/simulate`: policies as a schedule has them, and a result to try them on. */
export const simulationBody = newScheduleBody
  .pick({
    task: true,
    resultExpirationTime: true,
    recordExpirationTime: true,
    archive: true,
    keepLast: true,
    keepLastSuccess: true,
    persist: true,
    select: true,
    redact: true,
    metrics: true,
  })
  .partial({ task: true })
  .extend({
    outcome: z.enum(OUTCOMES).default('success'),
    sample: z.unknown().meta({ description: 'What the task would return.' }),
    previous: z
      .unknown()
      .meta({ description: 'What the job before is taken to have returned, for `on-change`.' })
      .exactOptional(),
  })
  .meta({ description: '`task` brings in its own defaults.' });

const instant = z.iso.datetime();

/** What would be kept of a result, as the API answers it. */
export const simulationResource = z.object({
  resultState: z.enum(RESULT_STATES).exactOptional(),
  resultReason: z.string().exactOptional(),
  resultBytes: z.int().exactOptional(),
  storedBytes: z
    .int()
    .meta({ description: 'As it would be stored, compressed where that is less.' })
    .exactOptional(),
  tier: z
    .enum(['row', 'compressed', 's3'])
    .meta({ description: 'In the row as text, in it compressed, or in the bucket.' })
    .exactOptional(),
  lifecycleDays: z
    .union(PAYLOAD_CLASS_DAYS.map((days) => z.literal(days)))
    .meta({ description: 'The class of its object in the bucket.' })
    .exactOptional(),
  result: z.unknown().meta({ description: 'What would be stored.' }).exactOptional(),
  metrics: z
    .record(z.string(), z.number())
    .meta({ description: 'What of it would be counted.' })
    .exactOptional(),
  resultExpiresAt: instant.exactOptional(),
  expiresAt: instant,
  retentionRule: z.string(),
  archive: z
    .string()
    .meta({ description: 'The partition of the archive in which it would come to lie.' })
    .exactOptional(),
  warnings: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })),
});

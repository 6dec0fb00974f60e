import * as z from 'zod';
import { JOB_STATES, type Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { RETENTION_SOURCES } from '#shared/domain/job/policy.ts';
import {
  type PayloadPointer,
  RESULT_STATES,
  type ResultContent,
} from '#shared/domain/result/stored-result.ts';

const attempt = z.object({
  attempt: z.int(),
  outcome: z.enum(OUTCOMES),
  startedAt: z.string().exactOptional(),
  durationMs: z.number().exactOptional(),
  error: z.object({ name: z.string(), message: z.string() }).exactOptional(),
});

const retentionRule = z.union([
  z.enum([
    'stack:maximum',
    'schedule:keepLast',
    'schedule:keepLastSuccess',
    'job:set',
    'job:pinned',
    'job:restored',
  ]),
  z.templateLiteral([
    z.enum(['schedule', ...RETENTION_SOURCES]),
    ':',
    z.enum(['success', 'error', 'default']),
  ]),
]);

/** How the times are written that a held job goes back to. */
export const ownExpiry = z.object({
  resultExpiresAt: z.int().exactOptional(),
  expiresAt: z.int(),
  rule: retentionRule,
  archiveDays: z.int().exactOptional(),
  announceExpiry: z.literal(true).exactOptional(),
});

/** How it is written which jobs of a schedule are kept by their number. */
export const keep = z.object({
  last: z.int().exactOptional(),
  success: z.literal(true).exactOptional(),
});

/** What of a result its job is found by. */
export const indexValues = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);

/** What of a result is counted by its schedule's metrics. */
const measuredResult = z.object({
  values: z.record(z.string(), z.number()),
  keptSeconds: z.int().exactOptional(),
});

const jobItem = z.object({
  scheduleId: z.string(),
  fireTime: z.string(),
  task: z.string(),
  revision: z.int(),
  deliverBy: z.int(),
  state: z.enum(JOB_STATES),
  attempt: z.int(),
  owner: z.string().exactOptional(),
  leaseUntil: z.int().exactOptional(),
  startedAt: z.string().exactOptional(),
  finishedAt: z.string().exactOptional(),
  durationMs: z.number().exactOptional(),
  outcome: z.enum(OUTCOMES).exactOptional(),
  error: z
    .object({ name: z.string(), message: z.string(), stack: z.string().exactOptional() })
    .exactOptional(),
  attempts: z.array(attempt).exactOptional(),
  retryAt: z.string().exactOptional(),
  waitingFor: z.templateLiteral(['slot:', z.string()]).exactOptional(),
  lookAgainAt: z.int().exactOptional(),
  progress: z
    .object({ fraction: z.number(), note: z.string().exactOptional(), at: z.string() })
    .exactOptional(),
  cancelRequested: z
    .object({ at: z.string(), by: z.string(), note: z.string().exactOptional() })
    .exactOptional(),
  inputs: z
    .array(
      z.object({
        pointer: z.string(),
        job: z.string().exactOptional(),
        finishedAt: z.string().exactOptional(),
        isStale: z.literal(true).exactOptional(),
      }),
    )
    .exactOptional(),
  metadata: z
    .string()
    .default('{}')
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.unknown())),
  resultState: z.enum(RESULT_STATES).exactOptional(),
  resultReason: z.string().exactOptional(),
  resultBytes: z.number().exactOptional(),
  resultHash: z.string().exactOptional(),
  sameAs: z.string().exactOptional(),
  isChanged: z.literal(true).exactOptional(),
  indexes: indexValues.exactOptional(),
  metrics: measuredResult.exactOptional(),
  result: z.string().exactOptional(),
  resultZ: z.instanceof(Uint8Array).exactOptional(),
  payload: z
    .object({
      key: z.string(),
      bytes: z.number(),
      storedBytes: z.number(),
      sha256: z.string(),
      encoding: z.literal('gzip').exactOptional(),
      type: z.string(),
      name: z.string().exactOptional(),
      keptUntil: z.string(),
    })
    .exactOptional(),
  resultExpiresAt: z.int().exactOptional(),
  expiresAt: z.int().exactOptional(),
  retentionRule: retentionRule.exactOptional(),
  archiveDays: z.int().exactOptional(),
  announceExpiry: z.literal(true).exactOptional(),
  expiryDay: z.string().exactOptional(),
  expiryAt: z.string().exactOptional(),
  restoredAt: z.string().exactOptional(),
  ownExpiry: ownExpiry.exactOptional(),
  keep: keep.exactOptional(),
  heldBy: z.string().exactOptional(),
});

/** Every attribute that a job in a list is read from: all but the result's content, the holder, and what only a change of its times looks at. */
export const LISTED_ATTRIBUTES = Object.keys(
  jobItem.omit({
    result: true,
    resultZ: true,
    payload: true,
    owner: true,
    leaseUntil: true,
    expiryAt: true,
    ownExpiry: true,
    keep: true,
    heldBy: true,
  }).shape,
);

/**
 * Reads a job from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function jobFromItem(item: unknown): Job {
  const { scheduleId, fireTime, result, resultZ, payload, ...rest } = jobItem.parse(item);
  const key: JobKey = { scheduleId, fireTime };
  const content = contentOf({ result, resultZ, payload });
  return { key, id: jobId(key), ...rest, ...(content && { content }) };
}

function contentOf(stored: {
  readonly result: string | undefined;
  readonly resultZ: Uint8Array | undefined;
  readonly payload: PayloadPointer | undefined;
}): ResultContent | undefined {
  const { result, resultZ, payload } = stored;
  if (payload) return { kind: 'payload', payload };
  if (resultZ) return { kind: 'zstd', data: resultZ };
  return result === undefined ? undefined : { kind: 'text', text: result };
}

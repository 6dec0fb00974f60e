import * as z from 'zod';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';
import { PERSISTS, RETENTION_SOURCES, RETRIED_OUTCOMES } from '#shared/domain/job/policy.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { COALESCE } from '#shared/domain/schedule/schedule-policy.ts';
import type { ScheduleParts } from '#shared/ports/schedule-store.ts';

/** The value of `kind` on every definition: the one partition of the index that lists schedules by id. */
export const LISTED = 'schedule';

/** The value of `kind` on every tombstone, which the sweep finds by it. */
export const DELETED = 'deleted';

const epochSeconds = z.int();

const retry = z.object({
  maxAttempts: z.int(),
  delay: z.number(),
  factor: z.number(),
  maxDelay: z.number(),
  on: z.array(z.enum(RETRIED_OUTCOMES)).exactOptional(),
});

/** How policies are written. */
export const schedulePolicy = z.object({
  resultExpirationTime: z.union([
    z.number(),
    z.object({
      success: z.number().exactOptional(),
      error: z.number().exactOptional(),
      default: z.number(),
    }),
  ]),
  resultExpirationFrom: z.enum(RETENTION_SOURCES).exactOptional(),
  longestExpirationTime: z.number().exactOptional(),
  recordExpirationTime: z.number().exactOptional(),
  keepLast: z.int().exactOptional(),
  keepLastSuccess: z.boolean().exactOptional(),
  archiveDays: z.int().exactOptional(),
  announceExpiry: z.boolean().exactOptional(),
  persist: z.enum(PERSISTS).exactOptional(),
  select: z.string().exactOptional(),
  redact: z
    .object({
      drop: z.array(z.string()).exactOptional(),
      hash: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
  catchUpWindow: z.number().exactOptional(),
  misfireGraceTime: z.number().exactOptional(),
  timeoutSeconds: z.number().exactOptional(),
  maxJitter: z.number().exactOptional(),
  retry: retry.exactOptional(),
  overlap: z.enum(OVERLAPS).exactOptional(),
  indexes: z.record(z.string(), z.string()).exactOptional(),
  metrics: z.array(z.object({ name: z.string(), path: z.string() })).exactOptional(),
  metricsExpirationTime: z.number().exactOptional(),
  coalesce: z.enum(COALESCE).exactOptional(),
  maxJobs: z.int().exactOptional(),
  pauseAfterFailures: z.int().exactOptional(),
});

/** JSON that the table keeps as text, since DynamoDB's maps do not hold all that JSON can. */
const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const definitionItem = z.object({
  scheduleId: z.string(),
  part: z.literal('definition'),
  task: z.string(),
  trigger: jsonText.pipe(z.record(z.string(), z.unknown())),
  calendars: jsonText.pipe(z.record(z.string(), z.array(z.string()))).exactOptional(),
  input: jsonText,
  policy: schedulePolicy,
  metadata: jsonText.pipe(z.record(z.string(), z.unknown())),
  revision: z.int(),
  anchorAt: epochSeconds,
  createdAt: epochSeconds,
  updatedAt: epochSeconds,
  share: z
    .object({
      storedBytes: z.number(),
      microdollars: z.number(),
      scopes: z.array(z.string()),
      version: z.int(),
    })
    .exactOptional(),
});

const sync = z.object({
  state: z.enum(['pending', 'active', 'failed', 'completed']),
  generation: z.int(),
  at: epochSeconds,
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      attempts: z.int(),
      retryAt: epochSeconds.exactOptional(),
    })
    .exactOptional(),
});

const plan = z.object({
  nextFireTime: epochSeconds.exactOptional(),
  seenTo: epochSeconds.exactOptional(),
  started: z.int(),
  decidedAt: epochSeconds.exactOptional(),
});

const paused = z.object({
  note: z.string().exactOptional(),
  by: z.string(),
  since: epochSeconds,
  until: epochSeconds.exactOptional(),
});

const stateItem = z.object({
  scheduleId: z.string(),
  part: z.literal('state'),
  generation: z.int(),
  sync,
  changedAt: epochSeconds,
  plan: plan.exactOptional(),
  paused: paused.exactOptional(),
  passedOver: z.object({ from: epochSeconds, to: epochSeconds }).exactOptional(),
  sweptTo: epochSeconds.exactOptional(),
  askedAt: epochSeconds.exactOptional(),
  revision: z.int(),
  deletedAt: epochSeconds.exactOptional(),
});

/** Writes a definition as its item. */
export function definitionToItem(definition: ScheduleDefinition): Record<string, unknown> {
  const { calendars = {}, ...fields } = definition;
  return {
    ...fields,
    part: 'definition',
    kind: LISTED,
    trigger: JSON.stringify(definition.trigger),
    ...(Object.keys(calendars).length > 0 && { calendars: JSON.stringify(calendars) }),
    input: JSON.stringify(definition.input ?? null),
    metadata: JSON.stringify(definition.metadata),
  };
}

/** Writes a state as its item. */
export function stateToItem(state: ScheduleState): Record<string, unknown> {
  return { ...state, part: 'state', ...(state.deletedAt !== undefined && { kind: DELETED }) };
}

/**
 * Reads a definition from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function definitionFromItem(item: unknown): ScheduleDefinition {
  const { part: _, ...definition } = definitionItem.parse(item);
  return definition;
}

/**
 * Reads a state from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function stateFromItem(item: unknown): ScheduleState {
  const { part: _, ...state } = stateItem.parse(item);
  return state;
}

/** Reads the parts of one schedule out of its items. */
export function schedulePartsOf(items: readonly Record<string, unknown>[]): ScheduleParts {
  const definition = items.find(({ part }) => part === 'definition');
  const state = items.find(({ part }) => part === 'state');
  return {
    ...(definition && { definition: definitionFromItem(definition) }),
    ...(state && { state: stateFromItem(state) }),
  };
}

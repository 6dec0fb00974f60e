import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { ID_PATTERN, parseJobId } from '#shared/domain/job/job-key.ts';
import { OVERLAPS, type Overlap } from '#shared/domain/job/overlap.ts';
import {
  PERSISTS,
  type Persist,
  RETENTION_SOURCES,
  RETRIED_OUTCOMES,
  type ResultExpirationTime,
  type RetentionSource,
  type RetriedOutcome,
  type RetryPolicy,
  type StartPolicy,
} from '#shared/domain/job/policy.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { isIndexPaths } from '#shared/domain/result/index-value.ts';
import type { Redaction } from '#shared/domain/result/redaction.ts';
import { areResultMetrics } from '#shared/domain/rollup/result-metric.ts';

/** A start that can be trusted, or every fault of what came instead. */
export type ParsedStart =
  | { readonly kind: 'start'; readonly start: Start }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] };

/**
 * Checks what came as a start. Written by hand, since a schema library would add a quarter to what a task has to load.
 *
 * Members that a start does not have are left out; a missing input is `null`.
 *
 * @param json - The event of a task's Lambda, or the start in a message of the starts queue, parsed as JSON.
 */
export function parseStart(json: unknown): ParsedStart {
  if (!isFields(json)) return { kind: 'malformed', faults: [fault('a start', 'an object', json)] };
  if (!hasShape(json, START_RULES))
    return { kind: 'malformed', faults: faultsOf(json, START_RULES, "a start's ") };
  const { scheduleId, fireTime, revision, attempt, task, deliverBy, metadata } = json;
  const start: Start = {
    v: 1,
    scheduleId,
    fireTime,
    revision,
    attempt,
    ...(deliverBy !== undefined && { deliverBy }),
    task,
    input: json['input'] ?? null,
    policy: knownPolicy(json.policy),
    ...(metadata !== undefined && { metadata }),
  };
  return { kind: 'start', start };
}

type Fields = Readonly<Record<string, unknown>>;

interface Rule<T> {
  /** Ends the sentence *Expected a start's ‹name› to be …*. */
  readonly rule: string;
  readonly holds: (value: unknown) => value is T;
  /** Tells the faults inside an object that breaks its rule. */
  readonly inside?: (fields: Fields, path: string) => readonly string[];
}

type Rules<T> = { readonly [Name in keyof T]-?: Rule<T[Name]> };

const RETRY_RULES: Rules<RetryPolicy> = {
  maxAttempts: { rule: 'a whole number from 1', holds: isCount },
  delay: { rule: 'a number from 0', holds: isNotNegative },
  factor: { rule: 'a number from 1', holds: isFactor },
  maxDelay: { rule: 'a number from 0', holds: isNotNegative },
  on: { rule: `some of ${RETRIED_OUTCOMES.join(', ')}, or absent`, holds: optional(isRetried) },
};

const POLICY_RULES: Rules<StartPolicy> = {
  resultExpirationTime: {
    rule: 'whole seconds from 0, or such seconds by success, error and default',
    holds: isResultExpirationTime,
  },
  resultExpirationFrom: {
    rule: `one of ${RETENTION_SOURCES.join(', ')}, or absent`,
    holds: optional(isRetentionSource),
  },
  longestExpirationTime: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
  recordExpirationTime: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
  keepLast: { rule: 'a whole number from 0, or absent', holds: optional(isSeconds) },
  keepLastSuccess: { rule: 'true, false, or absent', holds: optional(isFlag) },
  announceExpiry: { rule: 'true, false, or absent', holds: optional(isFlag) },
  archiveDays: { rule: 'whole days from 1, or absent', holds: optional(isCount) },
  persist: { rule: `one of ${PERSISTS.join(', ')}, or absent`, holds: optional(isPersist) },
  select: { rule: 'a text, or absent', holds: optional(isText) },
  redact: {
    rule: 'lists of pointers to drop and to hash, or absent',
    holds: optional(isRedaction),
  },
  catchUpWindow: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
  misfireGraceTime: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
  timeoutSeconds: { rule: 'whole seconds from 1, or absent', holds: optional(isCount) },
  maxJitter: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
  retry: {
    rule: 'an object, or absent',
    holds: optional((value) => isFields(value) && hasShape(value, RETRY_RULES)),
    inside: (fields, path) => faultsOf(fields, RETRY_RULES, path),
  },
  overlap: { rule: `one of ${OVERLAPS.join(', ')}, or absent`, holds: optional(isOverlap) },
  indexes: { rule: 'up to three paths by name, or absent', holds: optional(isIndexPaths) },
  metrics: { rule: 'up to five names and paths, or absent', holds: optional(areResultMetrics) },
  metricsExpirationTime: { rule: 'whole seconds from 0, or absent', holds: optional(isSeconds) },
};

const START_RULES: Rules<Omit<Start, 'input'>> = {
  v: { rule: '1', holds: (value) => value === 1 },
  scheduleId: { rule: 'the id of a schedule, or task: and the id of a task', holds: isScheduleId },
  fireTime: {
    rule: 'an instant as 2026-11-23T09:00:00Z, with or without ~ and a suffix',
    holds: isFireTime,
  },
  revision: { rule: 'a whole number from 0', holds: isSeconds },
  attempt: { rule: 'a whole number from 1', holds: isCount },
  deliverBy: { rule: 'an instant, or absent', holds: optional(isInstant) },
  task: { rule: 'the id of a task', holds: isTaskId },
  policy: {
    rule: 'an object',
    holds: (value) => isFields(value) && hasShape(value, POLICY_RULES),
    inside: (fields, path) => faultsOf(fields, POLICY_RULES, path),
  },
  metadata: { rule: 'an object, or absent', holds: optional(isFields) },
};

function hasShape<T extends object>(fields: Fields, rules: Rules<T>): fields is Fields & T {
  return Object.entries<Rule<unknown>>(rules).every(([name, { holds }]) => holds(fields[name]));
}

function faultsOf<T extends object>(
  fields: Fields,
  rules: Rules<T>,
  path: string,
): readonly string[] {
  return Object.entries<Rule<unknown>>(rules).flatMap(([name, { rule, holds, inside }]) => {
    const value = fields[name];
    if (holds(value)) return [];
    return inside && isFields(value)
      ? inside(value, `${path}${name}.`)
      : [fault(`${path}${name}`, rule, value)];
  });
}

function fault(thing: string, rule: string, value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `Expected ${thing} to be ${rule}, got ${shown}.`;
}

function knownPolicy(policy: StartPolicy): StartPolicy {
  const { resultExpirationTime } = policy;
  const stated = Object.entries(policy).filter(
    ([name, value]) => Object.hasOwn(POLICY_RULES, name) && value !== undefined,
  );
  return { resultExpirationTime, ...Object.fromEntries(stated) };
}

function optional<T>(holds: (value: unknown) => value is T) {
  return (value: unknown): value is T | undefined => value === undefined || holds(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return isSeconds(value) && value >= 1;
}

function isNotNegative(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFactor(value: unknown): value is number {
  return isNotNegative(value) && value >= 1;
}

function isRetried(value: unknown): value is readonly RetriedOutcome[] {
  return (
    Array.isArray(value) && value.every((one) => RETRIED_OUTCOMES.some((known) => known === one))
  );
}

function isOverlap(value: unknown): value is Overlap {
  return OVERLAPS.some((known) => known === value);
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isPersist(value: unknown): value is Persist {
  return PERSISTS.some((known) => known === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isRedaction(value: unknown): value is Redaction {
  const arePointers = optional(
    (pointers): pointers is readonly string[] => Array.isArray(pointers) && pointers.every(isText),
  );
  return isFields(value) && arePointers(value['drop']) && arePointers(value['hash']);
}

function isRetentionSource(value: unknown): value is RetentionSource {
  return RETENTION_SOURCES.some((known) => known === value);
}

function isTaskId(value: unknown): value is string {
  return typeof value === 'string' && ID_PATTERN.test(value);
}

function isScheduleId(value: unknown): value is string {
  return typeof value === 'string' && ID_PATTERN.test(value.replace(/^task:/, ''));
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && fromIso(value) !== undefined;
}

function isFireTime(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [instant = '', ...suffix] = value.split('~');
  const fireTime = fromIso(instant);
  if (fireTime === undefined || toIso(fireTime) !== instant) return false;
  // What may follow the instant is the rule of a job's id.
  const basic = instant.replaceAll(/[-:]/g, '');
  return parseJobId(`any@${[basic, ...suffix].join('~')}`) !== undefined;
}

function isResultExpirationTime(value: unknown): value is ResultExpirationTime {
  if (!isFields(value)) return isSeconds(value);
  const isOptionalSeconds = optional(isSeconds);
  return (
    isSeconds(value['default']) &&
    isOptionalSeconds(value['success']) &&
    isOptionalSeconds(value['error'])
  );
}

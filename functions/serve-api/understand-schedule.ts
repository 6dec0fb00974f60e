import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import type { StackRetention } from '#shared/contracts/retention.ts';
import { newScheduleBody, scheduleBody } from '#shared/contracts/schedule-body.ts';
import { AlmanacError, type RequestFault } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { anchorFrom } from '#shared/domain/schedule/anchor-from.ts';
import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import { findTriggerFaults } from '#shared/domain/schedule/find-trigger-faults.ts';
import { type NamedCalendars, pickCalendars } from '#shared/domain/schedule/named-calendars.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { dependentPolicyOf, type SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { findInputFaults } from './find-input-faults.ts';
import { findRetentionFaults } from './find-retention-faults.ts';
import { findTaskFaults } from './find-task-faults.ts';
import { findUnkeptPolicies } from './find-unkept-policies.ts';
import { policyOf } from './policy-of.ts';
import type { TaskRegistry } from './task-registry.ts';

/** A schedule as a body asks for it, every part understood. */
export interface ScheduleDraft {
  readonly id?: string;
  readonly task: string;
  readonly trigger: Readonly<Record<string, unknown>>;
  /** What an interval counts from: it stays while the trigger does. */
  readonly anchorAt: EpochSeconds;
  /** The calendars that the trigger names, as they are deployed now. */
  readonly calendars: NamedCalendars;
  readonly input: unknown;
  readonly policy: SchedulePolicy;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What understanding a body takes. */
export interface Understanding {
  readonly registry: TaskRegistry;
  /** The calendars that are deployed. */
  readonly calendars: NamedCalendars;
  /** What holds for results where neither body nor task says anything, and what no body may pass. */
  readonly retention: StackRetention;
  readonly now: EpochSeconds;
  /** The schedule that the body is to replace; absent for a new one. */
  readonly present?: ScheduleDefinition;
  /** Faults of the request that lie outside the body, and are reported with its own. */
  readonly alsoFound?: readonly RequestFault[];
}

/**
 * Reads the body of a schedule, all faults together.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function understandSchedule(body: unknown, understanding: Understanding): ScheduleDraft {
  const { retention } = understanding;
  const schema = understanding.present ? scheduleBody : newScheduleBody;
  const parsed = schema.safeParse(body, { reportInput: true });
  const formFaults = parsed.success ? [] : faultsOf(parsed.error);
  const faults = [
    ...(understanding.alsoFound ?? []),
    ...formFaults,
    ...findMeaningFaults(body, formFaults, understanding),
    ...(parsed.success ? findPolicyFaults(parsed.data, understanding) : []),
  ];
  if (!parsed.success || faults.length > 0)
    throw new AlmanacError(
      'request.invalid',
      `Expected a schedule without faults, got ${faults.length}; each is listed in \`errors\`.`,
      { faults },
    );
  const { id, task, trigger, input, metadata, ...policies } = parsed.data;
  const policy = policyOf(policies, { task: understanding.registry.find(task), retention });
  return {
    ...(id !== undefined && { id }),
    task,
    trigger,
    anchorAt: anchorFor(trigger, understanding),
    calendars: calendarsFor(trigger, understanding),
    input,
    policy: dependencyOf({ trigger }) ? dependentPolicyOf(policy) : policy,
    metadata,
  };
}

function findPolicyFaults(
  body: z.output<typeof newScheduleBody>,
  understanding: Understanding,
): readonly RequestFault[] {
  const { id: _i, task, trigger, input: _n, metadata: _m, ...stated } = body;
  const { registry, retention, now } = understanding;
  return [
    ...findRetentionFaults(stated, retention.longestExpirationTime),
    ...findUnkeptPolicies({
      stated,
      task: registry.find(task),
      retention,
      trigger: triggerIn(trigger, understanding),
      now,
    }),
  ];
}

/** Looks at what each field says that has no fault of form, whatever is wrong with the others. */
function findMeaningFaults(
  body: unknown,
  formFaults: readonly RequestFault[],
  understanding: Understanding,
): readonly RequestFault[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const isSound = (field: string) => formFaults.every(({ pointer }) => !isIn(field, pointer));
  const { id, task, trigger, input = {} }: Readonly<Record<string, unknown>> = { ...body };
  const { registry } = understanding;
  return [
    ...(isSound('id') ? findIdFaults(id, understanding) : []),
    ...(isSound('task') ? findTaskFaults(String(task), registry) : []),
    ...(isSound('trigger') ? findTriggerFaultsOf(trigger, understanding) : []),
    ...findInputFaults({ task: isSound('task') ? String(task) : '', input, trigger }, registry),
  ];
}

function isIn(field: string, pointer: string): boolean {
  return pointer === `/${field}` || pointer.startsWith(`/${field}/`);
}

function findIdFaults(id: unknown, { present }: Understanding): readonly RequestFault[] {
  if (!present || id === undefined || id === present.scheduleId) return [];
  return [
    {
      pointer: '/id',
      code: 'id.invalid',
      detail: `Expected \`id\` to be \`${present.scheduleId}\` or absent, got \`${id}\`; an id cannot be changed.`,
    },
  ];
}

function findTriggerFaultsOf(
  trigger: unknown,
  understanding: Understanding,
): readonly RequestFault[] {
  const { now, present } = understanding;
  const calendars = calendarsFor(trigger, understanding);
  // The present trigger was let in once; that it has passed since is no fault, unless a calendar of another deploy made it so.
  if (isPresent(trigger, understanding) && isDeepStrictEqual(calendars, present?.calendars ?? {}))
    return [];
  const anchorAt = anchorFor(trigger, understanding);
  return findTriggerFaults(trigger, { now, anchorAt, calendars }).map((fault) => ({
    ...fault,
    pointer: `/trigger${fault.pointer}`,
  }));
}

function anchorFor(trigger: unknown, understanding: Understanding): EpochSeconds {
  const { present, now } = understanding;
  return present && isPresent(trigger, understanding) ? present.anchorAt : anchorFrom(now);
}

/** A calendar that is deployed no more stays with the schedule that has it, while its trigger stays. */
function calendarsFor(trigger: unknown, understanding: Understanding): NamedCalendars {
  const { present, calendars } = understanding;
  const kept = isPresent(trigger, understanding) ? (present?.calendars ?? {}) : {};
  return { ...kept, ...pickCalendars(trigger, calendars) };
}

function isPresent(trigger: unknown, { present }: Understanding): boolean {
  return present !== undefined && isDeepStrictEqual(trigger, present.trigger);
}

/** @returns `undefined` for a trigger with faults, which are found elsewhere. */
function triggerIn(
  trigger: Readonly<Record<string, unknown>>,
  understanding: Understanding,
): Trigger | undefined {
  const parsed = parseTrigger(trigger, {
    anchorAt: anchorFor(trigger, understanding),
    calendars: calendarsFor(trigger, understanding),
  });
  return parsed.ok ? parsed.trigger : undefined;
}

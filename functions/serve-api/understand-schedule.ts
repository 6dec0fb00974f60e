import { isDeepStrictEqual } from 'node:util';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import {
  newScheduleBody,
  type ScheduleBody,
  scheduleBody,
} from '#shared/contracts/schedule-body.ts';
import { AlmanacError, type RequestFault } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { findTriggerFaults } from '#shared/domain/schedule/find-trigger-faults.ts';
import type { TaskRegistry } from './task-registry.ts';

/** A schedule as a body asks for it, every part understood. */
export interface ScheduleDraft {
  readonly id?: string;
  readonly task: string;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  readonly policy: StartPolicy;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What understanding a body takes. */
export interface Understanding {
  readonly registry: TaskRegistry;
  readonly now: EpochSeconds;
  /** What an interval counts from if the trigger is the present one. */
  readonly anchorAt: EpochSeconds;
  /** The trigger that stays as it is; one that has passed since is no fault then. */
  readonly present?: Readonly<Record<string, unknown>>;
}

/** Serialized input above this leaves no room for the rest of a start in EventBridge's 256 KB. */
const LARGEST_INPUT_BYTES = 240 * 1_024;

/** A schedule without `resultExpirationTime` stores no results, as in APScheduler. */
const DEFAULT_RESULT_EXPIRATION_SECONDS = 0;

/**
 * Reads the body of a new schedule, all faults together.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function understandNewSchedule(body: unknown, understanding: Understanding): ScheduleDraft {
  return understand(newScheduleBody.safeParse(body, { reportInput: true }), body, understanding);
}

/**
 * Reads the body that replaces a schedule, all faults together.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function understandSchedule(body: unknown, understanding: Understanding): ScheduleDraft {
  return understand(scheduleBody.safeParse(body, { reportInput: true }), body, understanding);
}

type Parsed = ReturnType<typeof newScheduleBody.safeParse>;

function understand(parsed: Parsed, body: unknown, understanding: Understanding): ScheduleDraft {
  const faults = [
    ...(parsed.success ? [] : faultsOf(parsed.error)),
    ...findMeaningFaults(body, understanding),
  ];
  if (!parsed.success || faults.length > 0)
    throw new AlmanacError(
      'request.invalid',
      `Expected a schedule without faults, got ${faults.length}; each is listed in \`errors\`.`,
      { faults },
    );
  const { id, ...fields } = parsed.data;
  return {
    ...(id !== undefined && { id }),
    task: fields.task,
    trigger: fields.trigger,
    input: fields.input,
    policy: policyOf(fields, understanding.registry),
    metadata: fields.metadata,
  };
}

/** Looks at what the fields say, as far as each can be read by itself, whatever is wrong with the others. */
function findMeaningFaults(body: unknown, understanding: Understanding): readonly RequestFault[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const { task, trigger, input = {} }: Readonly<Record<string, unknown>> = { ...body };
  return [
    ...(typeof task === 'string' ? findTaskFaults(task, understanding.registry) : []),
    ...(typeof trigger === 'object' && trigger !== null
      ? findTriggerFaultsOf(trigger, understanding)
      : []),
    ...(typeof task === 'string' ? understanding.registry.findInputFaults(task, input) : []),
    ...findSizeFaults(input),
  ];
}

function findTriggerFaultsOf(
  trigger: object,
  { now, anchorAt, present }: Understanding,
): readonly RequestFault[] {
  const isPresent = isDeepStrictEqual(trigger, present);
  return findTriggerFaults(trigger, { now, anchorAt, isPresent }).map((fault) => ({
    ...fault,
    pointer: `/trigger${fault.pointer}`,
  }));
}

function findTaskFaults(task: string, registry: TaskRegistry): readonly RequestFault[] {
  if (task === '' || registry.find(task)) return [];
  const known = registry.tasks.map(({ id }) => `\`${id}\``).join(', ');
  return [
    {
      pointer: '/task',
      code: 'task.unknown',
      detail: `Expected \`task\` to be one that is deployed: ${known}, got \`${task.slice(0, 64)}\`.`,
    },
  ];
}

function findSizeFaults(input: unknown): readonly RequestFault[] {
  // As it is stored in EventBridge, where each `<` takes six bytes.
  const bytes = Buffer.byteLength(JSON.stringify(input).replaceAll('<', String.raw`\u003c`));
  if (bytes <= LARGEST_INPUT_BYTES) return [];
  return [
    {
      pointer: '/input',
      code: 'input.too-large',
      detail: `Expected \`input\` to be at most ${LARGEST_INPUT_BYTES} bytes as EventBridge stores it, got ${bytes}. Put it in S3 and pass its key.`,
    },
  ];
}

function policyOf(body: ScheduleBody, registry: TaskRegistry): StartPolicy {
  const { timeout, ...policies } = { ...registry.find(body.task)?.defaults, ...policiesOf(body) };
  return {
    resultExpirationTime: DEFAULT_RESULT_EXPIRATION_SECONDS,
    ...policies,
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
  };
}

function policiesOf(body: ScheduleBody) {
  const { task: _task, trigger: _trigger, input: _input, metadata: _metadata, ...policies } = body;
  return policies;
}

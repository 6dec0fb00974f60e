import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS, type StartPolicy } from '#shared/domain/job/policy.ts';
import type { JobFacts } from '#shared/domain/job/settlement.ts';

/**
 * The one message that begins a job, whoever sends it. It may arrive twice, late or out of order; the claim makes that harmless.
 *
 * It is EventBridge's `Target.Input`, the body of the starts queue, and the payload of a task's Lambda.
 */
export interface Start {
  readonly v: 1;
  readonly scheduleId: string;
  /** An instant, or {@link SCHEDULED_TIME}, which EventBridge replaces as it delivers. Manual and direct jobs add `~` and a suffix. */
  readonly fireTime: string;
  /** The schedule's revision that the rest was taken from. */
  readonly revision: number;
  /** Which attempt it asks for, from 1. */
  readonly attempt: number;
  /**
   * An instant after which the job is not begun; absent: the fire time and the policy's `catchUpWindow`. A start that has one was asked
   * for by someone, as after a pause, and is wanted whatever the schedule says.
   */
  readonly deliverBy?: string;
  readonly task: string;
  readonly input: unknown;
  readonly policy: StartPolicy;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * What EventBridge Scheduler replaces by the nominal time of a firing, wherever it stands in the input.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * Writes a start as text that is safe in EventBridge's `Target.Input`.
 *
 * Every `<` of the user's input and metadata is written `\u003c`, so that EventBridge finds no context attribute in it.
 */
export function serializeStart(start: Start): string {
  const { input, metadata, ...own } = start;
  const safe = (value: unknown) =>
    JSON.stringify(value ?? null).replaceAll('<', String.raw`\u003c`);
  const members = [JSON.stringify(own).slice(1, -1), `"input":${safe(input)}`];
  if (metadata !== undefined) members.push(`"metadata":${safe(metadata)}`);
  return `{${members.join(',')}}`;
}

/** The job that a start begins. */
export function keyOfStart(start: Start): JobKey {
  return { scheduleId: start.scheduleId, fireTime: start.fireTime };
}

/** What of its job's row a start knows. */
export function factsOf(start: Start): JobFacts {
  const { task, revision, metadata = {} } = start;
  return { key: keyOfStart(start), task, revision, deliverBy: deliverByOf(start), metadata };
}

/** The instant after which a start no longer begins its job. */
export function deliverByOf(start: Start): EpochSeconds {
  const instant = fromIso(
    start.deliverBy ?? start.fireTime.slice(0, 'YYYY-MM-DDTHH:mm:ssZ'.length),
  );
  if (instant === undefined)
    throw new RangeError(`Expected a start to carry an instant, got ${start.fireTime}.`);
  const window = start.policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS;
  return start.deliverBy === undefined ? instant + window : instant;
}

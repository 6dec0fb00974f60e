import { randomUUID } from 'node:crypto';

/** One event on its way, as an Input can speak of it. */
export interface EventContext {
  readonly scheduleArn: string;
  /** ISO 8601 with `Z`, in whole seconds. */
  readonly scheduledTime: string;
  readonly executionId: string;
  /** Counted from 1. */
  readonly attemptNumber: number;
}

/** Where an event comes from. */
export interface EventOrigin {
  readonly region: string;
  readonly account: string;
}

/**
 * Puts the context attributes into an Input: plain text for plain text, wherever it stands.
 *
 * An Input whose JSON writes `<` as `\u003c` keeps it: EventBridge does not look through escapes.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function fillInput(input: string, context: EventContext): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', () => context.scheduleArn)
    .replaceAll('<aws.scheduler.scheduled-time>', context.scheduledTime)
    .replaceAll('<aws.scheduler.execution-id>', context.executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(context.attemptNumber));
}

/** Makes what a target gets that was given no Input; its `detail` is a string, as captured on AWS. */
export function defaultNotification(context: EventContext, origin: EventOrigin): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: origin.account,
    time: context.scheduledTime,
    region: origin.region,
    resources: [context.scheduleArn],
    detail: '{}',
  });
}

/** Writes an instant as EventBridge Scheduler writes times: whole seconds, `Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

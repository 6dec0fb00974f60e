import { createHash } from 'node:crypto';
import * as z from 'zod';
import { epochMs, type ScheduleDefinition } from '#local/services/scheduler/define-schedule.ts';
import {
  type Evaluation,
  evaluateExpression,
} from '#local/services/scheduler/evaluate-expression.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** How far a schedule has come. */
export const Progress = z.object({
  /** Times up to and with it are past: fired, or from before the schedule counted. Epoch milliseconds. */
  afterMs: z.number(),
  /** Where a rate without StartDate counts from. */
  anchorMs: z.number(),
  /** `waiting` for a time, `complete` after its last, or `silent`: an `at()` that passed without firing. */
  phase: z.enum(['waiting', 'complete', 'silent']),
});

/** How far a schedule has come. */
export type Progress = z.infer<typeof Progress>;

/** One time of a schedule. */
export interface Firing {
  /** The nominal time, on a whole second. */
  readonly scheduledMs: number;
  /** When the event is sent: later where there is a flexible window. */
  readonly dueMs: number;
}

/** A schedule on its way. */
export interface ScheduleOnItsWay {
  readonly definition: ScheduleDefinition;
  readonly progress: Progress;
}

/**
 * Finds the next time at which a schedule is to be sent to its target.
 *
 * In a flexible window a stable hash of the schedule and the time picks the second.
 *
 * @param arn - The schedule's.
 * @returns `undefined` when there is none, or the schedule is disabled.
 */
export function nextFiring(
  { definition, progress }: ScheduleOnItsWay,
  arn: string,
  choices: UndocumentedChoices,
): Firing | undefined {
  if (definition.State === 'DISABLED' || progress.phase !== 'waiting') return undefined;
  const evaluation = evaluationOf(definition, choices);
  const scheduledMs = evaluation.next(evaluation.kind === 'at' ? -1 : progress.afterMs, {
    startMs: epochMs(definition.StartDate),
    endMs: epochMs(definition.EndDate),
    anchorMs: progress.anchorMs,
  });
  if (scheduledMs === undefined) return undefined;
  const windowSeconds = (definition.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60;
  const waitMs = secondInWindow(`${arn} ${scheduledMs}`, windowSeconds) * 1000;
  return { scheduledMs, dueMs: scheduledMs + waitMs + choices.deliveryDelayMs };
}

/**
 * Leaves out the times of a recurring schedule that should have been sent before an instant.
 *
 * @param limit - How many cron times may be counted at most; those beyond are left out all the same.
 * @returns Where the schedule stands then, and how many times were left out.
 */
export function dropPassed(
  schedule: ScheduleOnItsWay,
  arn: string,
  { beforeMs, limit, choices }: DropOptions,
): { readonly progress: Progress; readonly dropped: number } {
  const { definition } = schedule;
  if (evaluationOf(definition, choices).kind === 'at')
    return { progress: schedule.progress, dropped: 0 };
  const windowMs = (definition.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60_000;
  // What was due longer ago than the window cannot have been still to come: no need to look at each.
  const surelyPassedMs = beforeMs - windowMs - choices.deliveryDelayMs - 1;
  let progress = schedule.progress;
  let dropped = 0;
  for (;;) {
    const next = nextFiring({ definition, progress }, arn, choices);
    if (next === undefined || next.dueMs >= beforeMs) return { progress, dropped };
    dropped += 1;
    const jumpsTo = dropped >= limit ? surelyPassedMs : next.scheduledMs;
    progress = { ...progress, afterMs: Math.max(jumpsTo, next.scheduledMs) };
  }
}

/** What is left out, and how exactly it is counted. */
export interface DropOptions {
  readonly beforeMs: number;
  readonly limit: number;
  readonly choices: UndocumentedChoices;
}

/** Tells whether a schedule fires once by its nature. */
export function isOneTime(definition: ScheduleDefinition): boolean {
  return /^at/i.test(definition.ScheduleExpression);
}

/** Makes a schedule's expression answer when it is due. */
export function evaluationOf(
  definition: ScheduleDefinition,
  choices: UndocumentedChoices,
): Evaluation {
  return evaluateExpression(
    definition.ScheduleExpression,
    definition.ScheduleExpressionTimezone,
    choices,
  );
}

function secondInWindow(key: string, windowSeconds: number): number {
  if (windowSeconds === 0) return 0;
  return createHash('sha256').update(key).digest().readUInt32BE() % windowSeconds;
}

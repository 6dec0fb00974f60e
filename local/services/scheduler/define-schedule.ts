import type * as z from 'zod';
import { checkTarget } from '#local/services/scheduler/check-target.ts';
import {
  type Evaluation,
  evaluateExpression,
} from '#local/services/scheduler/evaluate-expression.ts';
import {
  ScheduleMembers,
  type ScheduleRequest,
} from '#local/services/scheduler/schedule-members.ts';
import { DEFAULT_GROUP } from '#local/services/scheduler/scheduler-arns.ts';
import { invalid } from '#local/services/scheduler/scheduler-fault.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';
import { isTimeZone } from '#local/services/scheduler/zone-time.ts';

/** A schedule as it is kept and shown: what the request left out has the service's own default. */
export const ScheduleDefinition = ScheduleMembers.omit({ ClientToken: true }).required({
  GroupName: true,
  ActionAfterCompletion: true,
  ScheduleExpressionTimezone: true,
  State: true,
});

/** A schedule as it is kept and shown, dates in epoch seconds with a fraction. */
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>;

/** The retry policy of a target that names none. See https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
export const DEFAULT_RETRY_POLICY = {
  MaximumEventAgeInSeconds: 86_400,
  MaximumRetryAttempts: 185,
} as const;

/** What a definition is judged by. */
export interface DefinitionScope {
  readonly region: string;
  readonly nowMs: number;
  readonly choices: UndocumentedChoices;
}

/** A StartDate may be this far back, for the time that a request takes. */
const START_DATE_TOLERANCE_MS = 300_000;
/** Names of the IANA database's file `backward` that begin with a country. */
const LEGACY_ZONE = /^(US|Canada|Brazil|Chile|Mexico)\//;

/**
 * Turns a request into the schedule that it asks for, replacing whatever there was: what it leaves out becomes the default.
 *
 * @throws {ServiceFault} `ValidationException` for the first thing that is wrong, the expression before all else.
 */
export function defineSchedule(
  request: ScheduleRequest,
  scope: DefinitionScope,
): ScheduleDefinition {
  const timeZone = request.ScheduleExpressionTimezone ?? 'UTC';
  const evaluation = checkExpression(request.ScheduleExpression, timeZone, scope.choices);
  checkWindow(request.FlexibleTimeWindow);
  if (evaluation.kind === 'at') checkInstant(request, evaluation, scope);
  else checkDates(request, evaluation, scope);
  checkTarget(request.Target, scope.region);
  const { ClientToken: _used, ...members } = request;
  return {
    ...members,
    GroupName: request.GroupName ?? DEFAULT_GROUP,
    ActionAfterCompletion: request.ActionAfterCompletion ?? 'NONE',
    ScheduleExpressionTimezone: timeZone,
    State: request.State ?? 'ENABLED',
    Target: {
      ...request.Target,
      RetryPolicy: retryPolicy(request.Target.RetryPolicy, scope.choices.partialRetryPolicy),
    },
  };
}

function checkExpression(
  expression: string,
  timeZone: string,
  choices: UndocumentedChoices,
): Evaluation {
  // Read once in UTC, so that a wrong expression is told before a wrong time zone.
  orInvalid(() => evaluateExpression(expression, 'UTC', choices));
  const isRefused = choices.legacyTimeZones === 'reject' && LEGACY_ZONE.test(timeZone);
  if (isRefused || !isTimeZone(timeZone))
    throw invalid(`Invalid Schedule Expression Timezone ${timeZone}.`);
  return evaluateExpression(expression, timeZone, choices);
}

function orInvalid<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof RangeError) throw invalid(error.message, error);
    throw error;
  }
}

function checkWindow(window: ScheduleRequest['FlexibleTimeWindow']): void {
  const isGiven = window.MaximumWindowInMinutes !== undefined;
  if (window.Mode === 'FLEXIBLE' && !isGiven)
    throw invalid(
      'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.',
    );
  if (window.Mode === 'OFF' && isGiven)
    throw invalid(
      'MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.',
    );
}

function checkInstant(
  request: ScheduleRequest,
  evaluation: Evaluation,
  { nowMs, choices }: DefinitionScope,
): void {
  const isPassed = evaluation.next(nowMs) === undefined;
  if (isPassed && choices.pastAt === 'reject')
    throw invalid(`Invalid Schedule Expression ${request.ScheduleExpression}.`);
}

function checkDates(
  request: ScheduleRequest,
  evaluation: Evaluation,
  { nowMs, choices }: DefinitionScope,
): void {
  const startMs = epochMs(request.StartDate);
  const endMs = epochMs(request.EndDate);
  if (startMs !== undefined && startMs < nowMs - START_DATE_TOLERANCE_MS)
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (startMs !== undefined && endMs !== undefined && startMs >= endMs)
    throw invalid('The StartDate you specify must come before the EndDate.');
  const isNeverDue = evaluation.next(Math.max(nowMs, (startMs ?? 0) - 1)) === undefined;
  if (isNeverDue && choices.neverFiringCron === 'reject')
    throw invalid(
      `Schedule Expression ${request.ScheduleExpression} will never schedule after the StartDate.`,
    );
}

function retryPolicy(
  given: ScheduleRequest['Target']['RetryPolicy'],
  partial: UndocumentedChoices['partialRetryPolicy'],
): ScheduleRequest['Target']['RetryPolicy'] {
  return given !== undefined && partial === 'as-given'
    ? given
    : { ...DEFAULT_RETRY_POLICY, ...given };
}

/** Turns a date of the wire into epoch milliseconds. */
export function epochMs(date: number | undefined): number | undefined {
  return date === undefined ? undefined : Math.round(date * 1000);
}

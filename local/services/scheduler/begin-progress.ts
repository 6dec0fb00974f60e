import { epochMs, type ScheduleDefinition } from '#local/services/scheduler/define-schedule.ts';
import {
  evaluationOf,
  nextFiring,
  type Progress,
  type ScheduleOnItsWay,
} from '#local/services/scheduler/plan-firing.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** When a schedule begins to count, and by which choices. */
export interface Beginning {
  readonly nowMs: number;
  readonly choices: UndocumentedChoices;
}

/**
 * Decides from where a schedule counts once it has been created or updated.
 *
 * Nothing that passed is caught up, and an update that does not touch the times loses none that is still to be sent.
 *
 * @param previous - The schedule that is replaced, if any.
 */
export function beginProgress(
  definition: ScheduleDefinition,
  previous: ScheduleOnItsWay | undefined,
  beginning: Beginning,
): Progress {
  const isSame = previous !== undefined && haveSameTimes(definition, previous.definition);
  const continued = isSame ? previous : undefined;
  switch (evaluationOf(definition, beginning.choices).kind) {
    case 'at':
      return beginOneTime(definition, continued, beginning);
    case 'cron':
      return (
        keepPending(definition, continued, beginning) ?? waitingAfter(beginning.nowMs, beginning)
      );
    case 'rate':
      return beginRate(definition, { previous, continued }, beginning);
  }
}

function beginOneTime(
  definition: ScheduleDefinition,
  continued: ScheduleOnItsWay | undefined,
  beginning: Beginning,
): Progress {
  const { nowMs, choices } = beginning;
  const progress = waitingAfter(nowMs, beginning);
  const isPassed = evaluationOf(definition, choices).next(nowMs) === undefined;
  const isStillToFire =
    continued?.definition.State === 'ENABLED' && continued.progress.phase === 'waiting';
  if (!isPassed || isStillToFire) return progress;
  const isUntouched = continued !== undefined && choices.updateOfPassedAt === 'stay-silent';
  return isUntouched || choices.pastAt === 'never-fire'
    ? { ...progress, phase: 'silent' }
    : progress;
}

function beginRate(
  definition: ScheduleDefinition,
  {
    previous,
    continued,
  }: {
    readonly previous: ScheduleOnItsWay | undefined;
    readonly continued: ScheduleOnItsWay | undefined;
  },
  beginning: Beginning,
): Progress {
  const { nowMs, choices } = beginning;
  const startMs = epochMs(definition.StartDate);
  // A time that has fired is not fired again, even where the update would count it anew.
  const firedMs = continued?.progress.afterMs ?? 0;
  if (startMs !== undefined) {
    const pending = keepPending(definition, continued, beginning);
    const counts = startMs >= nowMs || choices.justPassedStartDate === 'at-once';
    const afterMs = Math.max(counts ? startMs - 1 : nowMs, firedMs);
    return pending ?? waitingAfter(afterMs, beginning);
  }
  if (previous && choices.ratePhaseAfterUpdate === 'from-creation')
    return { ...waitingAfter(nowMs, beginning), anchorMs: previous.progress.anchorMs };
  const firstMs = Math.floor(nowMs / 1000) * 1000;
  const afterMs = choices.firstRateFiring === 'at-once' ? firstMs - 1 : nowMs;
  return waitingAfter(Math.max(afterMs, firedMs), beginning);
}

/** Keeps a schedule where it was when one of its times has come but not been sent: it waits in its window. */
function keepPending(
  definition: ScheduleDefinition,
  continued: ScheduleOnItsWay | undefined,
  beginning: Beginning,
): Progress | undefined {
  if (continued === undefined || definition.State === 'DISABLED') return undefined;
  // The second of the window does not matter here, so neither does the schedule's ARN.
  const next = nextFiring(continued, '', beginning.choices);
  const isPending = next !== undefined && next.scheduledMs <= beginning.nowMs;
  return isPending ? waitingAfter(continued.progress.afterMs, beginning) : undefined;
}

function waitingAfter(afterMs: number, { nowMs }: Beginning): Progress {
  return { afterMs, anchorMs: nowMs, phase: 'waiting' };
}

function haveSameTimes(one: ScheduleDefinition, other: ScheduleDefinition): boolean {
  return (
    one.ScheduleExpression === other.ScheduleExpression &&
    one.ScheduleExpressionTimezone === other.ScheduleExpressionTimezone &&
    one.StartDate === other.StartDate
  );
}

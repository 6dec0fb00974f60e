import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { findClockChangeFire } from './find-clock-change-fire.ts';
import { fireTimes } from './fire-times.ts';
import type { CronTrigger, IntervalTrigger, OnceTrigger, Recurrence, Trigger } from './trigger.ts';
import { writeAwsCron } from './write-aws-cron.ts';

/** What EventBridge Scheduler can do with a trigger. */
export type EventBridgeForm =
  | {
      /** It holds the trigger itself: it fires when the trigger does, no more and no less. */
      readonly kind: 'native';
      /** `cron(…)` or `at(…)`. */
      readonly expression: string;
      readonly timeZone: string;
      /** Inclusive. EventBridge refuses one that is more than 5 minutes past, and then needs none. */
      readonly startDate?: EpochSeconds;
      /** Inclusive. */
      readonly endDate?: EpochSeconds;
    }
  /** It must be told each fire time by itself; the reason completes “planned, because”. */
  | { readonly kind: 'planned'; readonly reason: string }
  /** It need not know of the schedule, which another's jobs start. */
  | { readonly kind: 'dependent' };

/**
 * Finds the one EventBridge expression that has exactly a trigger's fire times, or says why there is none.
 *
 * A cron whose fire times meet a clock change is planned, even where EventBridge's documented rule is the trigger's
 * own: the page speaks of jobs that run daily, not of those that run within the hour. `rate()` is never used, as its
 * phase after an update is not documented.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function toEventBridge(trigger: Trigger): EventBridgeForm {
  switch (trigger.kind) {
    case 'cron':
      return ofCron(trigger);
    case 'interval':
      return ofInterval(trigger);
    case 'once':
      return ofOnce(trigger);
    case 'calendarInterval':
    case 'rrule':
    case 'any':
    case 'all':
      return planned(`EventBridge has no form for the kind ${trigger.kind}`);
    case 'after':
      return { kind: 'dependent' };
  }
}

function ofCron(trigger: CronTrigger): EventBridgeForm {
  if (trigger.exclude) return planned('EventBridge cannot leave out days');
  if (!isKeptName(trigger.timeZone))
    return planned(`EventBridge may not know the older zone name ${trigger.timeZone}`);
  const written = writeAwsCron(trigger);
  if (written.kind === 'inexpressible') return planned(written.reason);
  const met = findClockChangeFire(trigger);
  if (met !== undefined) return planned(`its fire time ${met} meets a clock change`);
  const { timeZone } = trigger;
  return { kind: 'native', expression: written.expression, timeZone, ...datesOf(trigger) };
}

function ofInterval(trigger: IntervalTrigger): EventBridgeForm {
  if (trigger.exclude) return planned('EventBridge cannot leave out days');
  const expression = writeInterval(trigger);
  if (expression === undefined)
    return planned(
      'its interval or its first second fits no UTC cron: it must divide the hour, or be whole hours that divide the day, and begin on a full minute',
    );
  return { kind: 'native', expression, timeZone: 'UTC', ...datesOf(trigger) };
}

/** Always in UTC: what `at()` does in a gap or a fold is not documented. */
function ofOnce(trigger: OnceTrigger): EventBridgeForm {
  const [fireTime, second] = fireTimes(trigger, 0);
  if (fireTime === undefined) return planned('it never fires');
  if (second !== undefined) return planned('it fires twice, as the clock repeats its time');
  return { kind: 'native', expression: `at(${toIso(fireTime).slice(0, -1)})`, timeZone: 'UTC' };
}

function writeInterval({ everySeconds, anchorAt }: IntervalTrigger): string | undefined {
  const anchorMinutes = Math.floor(anchorAt / 60);
  const everyMinutes = everySeconds / 60;
  if (anchorAt % 60 !== 0 || !Number.isInteger(everyMinutes)) return undefined;
  if (60 % everyMinutes === 0)
    return `cron(${steps(anchorMinutes % everyMinutes, everyMinutes, 60)} * * * ? *)`;
  const everyHours = everyMinutes / 60;
  if (!Number.isInteger(everyHours) || 24 % everyHours !== 0) return undefined;
  const hours = steps(Math.floor(anchorMinutes / 60) % everyHours, everyHours, 24);
  return `cron(${anchorMinutes % 60} ${hours} * * ? *)`;
}

function steps(first: number, step: number, cycle: number): string {
  if (step === 1) return '*';
  return step === cycle ? `${first}` : `${first}/${step}`;
}

function datesOf({ startAt, endAt }: Recurrence): {
  readonly startDate?: EpochSeconds;
  readonly endDate?: EpochSeconds;
} {
  return {
    ...(startAt === undefined ? {} : { startDate: startAt }),
    ...(endAt === undefined ? {} : { endDate: endAt }),
  };
}

/** Names such as `US/Pacific` are kept in the IANA database for old files alone; EventBridge was seen to refuse them. */
function isKeptName(timeZone: string): boolean {
  return (
    timeZone === 'UTC' ||
    /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)\//.test(
      timeZone,
    )
  );
}

function planned(reason: string): EventBridgeForm {
  return { kind: 'planned', reason };
}

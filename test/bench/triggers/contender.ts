import awsCronParser from 'aws-cron-parser';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import rrule from 'rrule';
import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';

/** One question: an expression of a kind that all can read, and a zone. */
export interface Workload {
  readonly name: string;
  readonly timeZone: string;
  /** Five fields. */
  readonly crontab: string;
  /** The same as AWS has it. */
  readonly aws: string;
  /** The same as RFC 5545 has it. */
  readonly rrule: string;
}

/** Finds fire times one after the other: each call goes on after the last. */
export type Stepper = (after: EpochSeconds) => EpochSeconds | undefined;

/** A way to find fire times. */
export interface Contender {
  readonly name: string;
  /** `undefined` for a workload that it cannot take: a zone, say. */
  prepare(workload: Workload): Stepper | undefined;
  /** Reads one of AWS's expressions, for correctness; throws what it cannot read. */
  prepareAws?(expression: string, timeZone: string): Stepper;
}

/** The engine, and the libraries that one might use in its place. */
export const CONTENDERS: readonly Contender[] = [
  almanac(),
  croner(),
  cronParser(),
  awsParser(),
  rruleLibrary(),
];

function almanac(): Contender {
  const step = (expression: string, timeZone: string): Stepper => {
    const parsed = parseTrigger({ kind: 'cron', expression, timeZone });
    if (!parsed.ok) throw new Error(parsed.faults.map(({ detail }) => detail).join(' '));
    return (after) => nextFireTime(parsed.trigger, after);
  };
  return {
    name: 'almanac',
    prepare: ({ aws, timeZone }) => step(aws, timeZone),
    prepareAws: step,
  };
}

function croner(): Contender {
  const step = (pattern: string, timeZone: string, options = {}): Stepper => {
    const cron = new Cron(pattern, { timezone: timeZone, paused: true, ...options });
    return (after) => secondsOf(cron.nextRun(new Date(after * 1000)));
  };
  return {
    name: 'croner',
    prepare: ({ crontab, timeZone }) => step(crontab, timeZone),
    prepareAws: (expression, timeZone) =>
      step(`0 ${fieldsOf(expression)}`, timeZone, {
        alternativeWeekdays: true,
        sloppyRanges: true,
      }),
  };
}

function cronParser(): Contender {
  const step = (pattern: string, timeZone: string): Stepper => {
    const from = (after: EpochSeconds) =>
      CronExpressionParser.parse(pattern, { currentDate: new Date(after * 1000), tz: timeZone });
    let at: EpochSeconds | undefined;
    let iterator = from(0);
    // It iterates faster than it begins, so it is only begun anew where the question jumps.
    return (after) => {
      if (after !== at) iterator = from(after);
      at = secondsOf(iterator.next().toDate());
      return at;
    };
  };
  return {
    name: 'cron-parser',
    prepare: ({ crontab, timeZone }) => step(crontab, timeZone),
    prepareAws: (expression, timeZone) => step(withoutYear(fieldsOf(expression)), timeZone),
  };
}

function awsParser(): Contender {
  const step = (pattern: string): Stepper => {
    const cron = awsCronParser.parse(pattern);
    return (after) => secondsOf(awsCronParser.next(cron, new Date(after * 1000)));
  };
  return {
    name: 'aws-cron-parser',
    prepare: ({ aws, timeZone }) => (timeZone === 'UTC' ? step(fieldsOf(aws)) : undefined),
    prepareAws: (expression, timeZone) => {
      if (timeZone !== 'UTC') throw new Error('It knows UTC alone.');
      return step(fieldsOf(expression));
    },
  };
}

function rruleLibrary(): Contender {
  return {
    name: 'rrule',
    prepare: ({ rrule: rule, timeZone }) => {
      if (timeZone !== 'UTC') return undefined;
      const set = rrule.rrulestr(`DTSTART:20260101T000000Z\nRRULE:${rule}`, { cache: false });
      return (after) => secondsOf(set.after(new Date(after * 1000)));
    },
  };
}

function fieldsOf(expression: string): string {
  return expression.replace(/^cron\(|\)$/g, '');
}

function withoutYear(fields: string): string {
  return fields.split(/\s+/).slice(0, 5).join(' ');
}

function secondsOf(date: Date | null | undefined): EpochSeconds | undefined {
  return date ? fromIso(toIso(Math.floor(date.getTime() / 1000))) : undefined;
}

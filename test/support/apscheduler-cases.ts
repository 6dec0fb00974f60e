import { readFileSync } from 'node:fs';
import { isObject } from '#shared/domain/triggers/trigger-json.ts';

/** One case of `test/oracle/apscheduler-triggers.json`, its trigger in our own notation. */
export interface ApschedulerCase {
  readonly id: string;
  readonly trigger: Record<string, unknown>;
  readonly expect: {
    readonly fires?: readonly string[];
    readonly exhausted?: boolean;
    readonly error?: unknown;
    /** A rule in words, for a case that depends on now. */
    readonly rule?: string;
  };
}

interface OracleCase extends Omit<ApschedulerCase, 'trigger'> {
  readonly trigger: Record<string, unknown>;
}

const GROUPS = ['upstream_tests', 'derived', 'upstream_defects'] as const;
export type ApschedulerGroup = (typeof GROUPS)[number];

/** Reads a group of cases, every one of them. */
export function apschedulerCases(group: ApschedulerGroup): readonly ApschedulerCase[] {
  const file = new URL('../oracle/apscheduler-triggers.json', import.meta.url);
  const oracle = JSON.parse(readFileSync(file, 'utf8')) as Record<ApschedulerGroup, OracleCase[]>;
  return oracle[group].map((each) => ({ ...each, trigger: ours(each.trigger) }));
}

const CRON_FIELDS = {
  year: 'year',
  month: 'month',
  day: 'day',
  week: 'week',
  day_of_week: 'dayOfWeek',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
};

const INTERVAL_SECONDS = { weeks: 604_800, days: 86_400, hours: 3_600, minutes: 60, seconds: 1 };

/** Writes APScheduler's notation in ours, as the oracle's README says. */
function ours(theirs: Record<string, unknown>): Record<string, unknown> {
  switch (theirs['type']) {
    case 'cron':
      return {
        kind: 'cron',
        fields: renamed(theirs, CRON_FIELDS),
        ...bounds(theirs),
        fold: 'both',
      };
    case 'crontab': {
      const expression = theirs['expr'];
      return { kind: 'cron', expression, dayMatch: 'both', ...bounds(theirs), fold: 'both' };
    }
    case 'interval':
      return { kind: 'interval', every: intervalSeconds(theirs), ...bounds(theirs) };
    case 'calendarinterval':
      return calendarInterval(theirs);
    case 'date':
      return { kind: 'once', at: theirs['run_time'], timeZone: theirs['timezone'] };
    case 'and':
      return { kind: 'all', of: members(theirs) };
    case 'or':
      return { kind: 'any', of: members(theirs) };
    default:
      throw new Error(`Expected a trigger type of APScheduler, got ${theirs['type']}.`);
  }
}

/** Upstream fires a repeated time once here, unlike its cron trigger: our default. */
function calendarInterval(theirs: Record<string, unknown>): Record<string, unknown> {
  const same = ['years', 'months', 'weeks', 'days', 'hour', 'minute', 'second'];
  const names = Object.fromEntries(same.map((name) => [name, name]));
  return {
    kind: 'calendarInterval',
    ...renamed(theirs, { ...names, start_date: 'startDate', end_date: 'endDate' }),
    timeZone: theirs['timezone'],
  };
}

function bounds(theirs: Record<string, unknown>): Record<string, unknown> {
  return renamed(theirs, { start_time: 'startAt', end_time: 'endAt', timezone: 'timeZone' });
}

function renamed(
  theirs: Record<string, unknown>,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const pairs = Object.entries(names).flatMap(([from, to]) =>
    theirs[from] === undefined ? [] : [[to, theirs[from]] as const],
  );
  return Object.fromEntries(pairs);
}

function intervalSeconds(theirs: Record<string, unknown>): number {
  const parts = Object.entries(INTERVAL_SECONDS).map(
    ([unit, seconds]) => Number(theirs[unit] ?? 0) * seconds,
  );
  return parts.reduce((sum, seconds) => sum + seconds, 0);
}

function members(theirs: Record<string, unknown>): readonly Record<string, unknown>[] {
  const triggers = theirs['triggers'];
  return Array.isArray(triggers) ? triggers.filter(isObject).map(ours) : [];
}

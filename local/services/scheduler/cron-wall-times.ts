import { Cron } from 'croner';
import type { CronField, CronFields } from '#local/services/scheduler/parse-cron.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** The years that a cron expression may name. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/**
 * Finds the wall-clock times of a cron expression, on a clock without time zones or clock changes.
 *
 * `croner` matches the fields but the year; ours, for its own years take 80 KB per expression.
 *
 * @returns Finds the first time strictly after another, both as the epoch milliseconds at which a clock in UTC shows them;
 * `undefined` when there is none.
 */
export function cronWallTimes(
  fields: CronFields,
  bothDayFields: UndocumentedChoices['bothDayFields'],
): (afterMs: number) => number | undefined {
  const cron = new Cron(patternOf(fields), {
    timezone: 'UTC',
    paused: true,
    mode: '6-part',
    domAndDow: bothDayFields === 'both',
  });
  return (afterMs) => {
    let searchMs = Math.max(afterMs, Date.UTC(FIRST_YEAR, 0) - 1);
    for (;;) {
      const found = cron.nextRun(new Date(searchMs));
      const year = found === null ? undefined : yearFrom(found.getUTCFullYear(), fields.year);
      if (found === null || year === undefined) return undefined;
      if (year === found.getUTCFullYear()) return found.getTime();
      searchMs = Date.UTC(year, 0) - 1;
    }
  };
}

/** The first year that matches, not before a given one. */
function yearFrom(firstYear: number, { values }: CronField): number | undefined {
  const year = values === undefined ? firstYear : values.find((value) => value >= firstYear);
  return year !== undefined && year <= LAST_YEAR ? year : undefined;
}

function patternOf(fields: CronFields): string {
  return [
    '0',
    listOf(fields.minute),
    listOf(fields.hour),
    listOf(fields.dayOfMonth),
    listOf(fields.month),
    listOf({
      values: fields.dayOfWeek.values?.map((day) => day - 1),
      special: fields.dayOfWeek.special.map(specialWeekday),
    }),
  ].join(' ');
}

function listOf({ values, special }: CronField): string {
  return values === undefined ? '*' : [...values, ...special].join(',');
}

/** AWS counts days from Sunday = 1, croner from Sunday = 0. */
function specialWeekday(item: string): string {
  return `${Number(item[0]) - 1}${item.slice(1)}`;
}

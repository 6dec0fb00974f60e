import * as z from 'zod';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';

/** A calendar holds at most this many dates: two hundred years of public holidays, or twenty of school holidays. */
export const MOST_CALENDAR_DATES = 2_000;

/** All calendars together: a schedule keeps those that it names, in an item that also holds its input. */
const MOST_DATES_IN_ALL = 10_000;

/** A named calendar's file: its dates, as `["2026-12-25", "2026-12-26"]`. */
const calendar = z.array(z.iso.date()).max(MOST_CALENDAR_DATES);

/** The calendars of a deployment by their names, as the stack writes them beside the API's code. */
export const calendars = z
  .record(z.string().regex(ID_PATTERN), calendar)
  .refine(
    (all) => Object.values(all).reduce((sum, dates) => sum + dates.length, 0) <= MOST_DATES_IN_ALL,
    { error: `Expected at most ${MOST_DATES_IN_ALL} dates in all calendars together.` },
  );

export type Calendars = z.output<typeof calendars>;

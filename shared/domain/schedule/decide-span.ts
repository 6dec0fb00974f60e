import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { decideOverdue, type Overdue, type SweepView } from '#shared/domain/job/decide-overdue.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';
import { decideGap, type Gap } from '#shared/domain/schedule/decide-gap.ts';
import { nextToLookAt, pastFireTimes } from '#shared/domain/schedule/past-fire-times.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
} from '#shared/domain/schedule/schedule.ts';
import { sweptToOf } from '#shared/domain/schedule/sweep-position.ts';

/** What the table says of a schedule's jobs from `sweptTo` on. */
export interface SweptSpan {
  /** Absent for a tombstone. */
  readonly definition?: ScheduleDefinition;
  readonly state: ScheduleState;
  /** All rows with a fire time from `sweptTo` up to and including `to`. */
  readonly rows: readonly SweptRow[];
  readonly to: EpochSeconds;
  /** Whether `to` is as far as there was to read; else there may be rows after it. */
  readonly isWhole: boolean;
}

/** What is done about a span, and up to where it is at rest. */
export interface SpanDecision {
  readonly gaps: readonly Gap[];
  readonly overdue: readonly Overdue[];
  readonly sweptTo: EpochSeconds;
}

/** So many fire times without a row are seen to at one go; the next sweep goes on. */
const MOST_GAPS = 100;

/**
 * Decides what a sweep does about a schedule's jobs.
 *
 *    sweptTo        the oldest that is not at rest        to = 5 minutes ago
 *       │── at rest ──│── seen to, and seen again ───────────│── others' to see to
 *
 * What is seen to is not taken to be at rest: that is for the next sweep to find. So nothing that has not settled is ever passed by,
 * whatever becomes of this one. Where all is at rest, the schedule is swept to its next fire time, and is not looked at before. A
 * tombstone stays where it is: nobody knows what else may be under way.
 */
export function decideSpan(span: SweptSpan, view: SweepView): SpanDecision {
  const { definition, state, rows, to } = span;
  const open = rows.flatMap(({ open: job }) => job ?? []);
  const overdue = open.map((job) => decideOverdue(job, definition, view));
  const { gaps, restsAt } = definition
    ? seeToGaps({ definition, state }, span, view)
    : { gaps: [], restsAt: sweptToOf(state) };
  const { askedAt } = state;
  const sweptTo = Math.min(
    span.isWhole ? restsAt : Math.min(restsAt, to + 1),
    ...open.map(({ job }) => fireTimeOf(job.key)),
    // The row of what was asked for since may not be written yet.
    askedAt !== undefined && askedAt > to ? askedAt : Number.POSITIVE_INFINITY,
  );
  return { gaps, overdue, sweptTo };
}

function seeToGaps(
  schedule: StoredSchedule,
  { rows, to }: SweptSpan,
  view: SweepView,
): { readonly gaps: readonly Gap[]; readonly restsAt: EpochSeconds } {
  const taken = new Set(rows.map(({ key }) => key.fireTime));
  const gaps: Gap[] = [];
  let restsAt: EpochSeconds | undefined;
  for (const { fireTime, isPlans } of pastFireTimes(schedule, to)) {
    if (taken.has(toIso(fireTime))) continue;
    const gap: Gap = isPlans ? { kind: 'wait' } : decideGap(schedule, fireTime, view);
    if (gap.kind === 'rest') continue;
    restsAt ??= fireTime;
    gaps.push(gap);
    if (gaps.length === MOST_GAPS) break;
  }
  return { gaps, restsAt: restsAt ?? nextToLookAt(schedule, to) };
}

import type * as z from 'zod';
import { backfillBody } from '#shared/contracts/backfills.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import { MOST_BACKFILLED } from '#shared/domain/backfill/backfill.ts';
import { fireTimesBetween } from '#shared/domain/backfill/fire-times-between.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { findUnheededPolicies } from './find-unheeded-policies.ts';
import { invalidRequest, parseBody } from './invalid-request.ts';
import type { TaskRegistry } from './task-registry.ts';

/** A backfill as a body asks for it, with the fire times that it is about. */
export type BackfillDraft = z.output<typeof backfillBody> & {
  /** In order, at least one. */
  readonly fireTimes: readonly EpochSeconds[];
};

/**
 * Reads the body of a backfill in the light of its schedule, all faults together.
 *
 * @throws {AlmanacError} `request.invalid`, also for a span without fire times, or with more than 10,000.
 */
export function understandBackfill(
  body: unknown,
  definition: ScheduleDefinition,
  { registry, now }: { readonly registry: TaskRegistry; readonly now: EpochSeconds },
): BackfillDraft {
  const asked = parseBody(backfillBody, body);
  const { from, to } = asked;
  const limit = MOST_BACKFILLED + 1;
  const fireTimes = fireTimesBetween(triggerOf(definition), { from, to: Math.min(to, now), limit });
  const faults = [
    ...findUnheededPolicies(asked, registry.find(definition.task)),
    ...findSpanFaults(asked, now),
    ...(from <= to && to <= now ? findCountFaults(asked, fireTimes.length) : []),
  ];
  if (faults.length > 0) throw invalidRequest(faults);
  return { ...asked, fireTimes };
}

interface Span {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

function findSpanFaults({ from, to }: Span, now: EpochSeconds): readonly RequestFault[] {
  return [
    ...(from <= to
      ? []
      : [fault('/from', `\`from\` to be no later than \`to\`, got ${toIso(from)}`)]),
    ...(to <= now ? [] : [fault('/to', `\`to\` to be no later than now, got ${toIso(to)}`)]),
  ];
}

function findCountFaults({ from, to }: Span, count: number): readonly RequestFault[] {
  const span = `from ${toIso(from)} to ${toIso(to)}`;
  if (count === 0)
    return [fault('/from', `fire times of the schedule ${span}, got none; its preview lists them`)];
  if (count <= MOST_BACKFILLED) return [];
  return [fault('/from', `at most ${MOST_BACKFILLED} fire times ${span}, got more`)];
}

function fault(pointer: string, rule: string): RequestFault {
  return { pointer, code: 'field.invalid', detail: `Expected ${rule}.` };
}

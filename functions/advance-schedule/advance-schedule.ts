import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { isBeyondDoubt } from '#shared/domain/job/decide-admission.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';
import { decideAdvance, type UnrunFiring } from '#shared/domain/schedule/decide-advance.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { Plan, ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { dependsOnDecision } from '#shared/domain/schedule/schedule-policy.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { PlanFence, PlanStore } from '#shared/ports/plan-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { createUnrun } from '#shared/runner/create-unrun.ts';

/** What advancing needs. */
export interface AdvanceSchedulePorts {
  readonly now: WallClock;
  readonly schedules: Pick<ScheduleStore, 'read'>;
  readonly plans: PlanStore;
  readonly jobs: Pick<JobStore, 'createSettled'>;
  readonly queue: StartQueue;
}

/** What was done about a fire time that is said to have come. */
export type Advanced =
  | { readonly kind: 'nothing-to-do' }
  | { readonly kind: 'advanced'; readonly started: number; readonly unrun: number };

/** Each lost race means that someone has written the schedule; after so many the message is delivered again. */
const MOST_ROUNDS = 5;

/** So many calls to a store are under way at once. */
const CALLS_AT_ONCE = 25;

/**
 * Starts the jobs of a planned schedule that are due, and moves its plan to the next fire time.
 *
 *    read ── note the decision, where a repetition could decide otherwise ── starts ── unrun rows ── move the plan
 *      └──────────────────────── read and decide again where someone has written first ────────────────┘
 *
 * The plan moves last and by one conditional write, so that a crash anywhere repeats all of it: a start that is sent again finds its
 * job claimed, and a row that is there already is left as it is. Nothing waits for a task: the starts go by way of the queue.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function advanceSchedule(
  { scheduleId, fireTime }: Advance,
  ports: AdvanceSchedulePorts,
): Promise<Advanced> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { definition, state } = await ports.schedules.read(scheduleId);
    if (!definition || state?.plan === undefined) return { kind: 'nothing-to-do' };
    const planned = { definition, state, plan: state.plan };
    const end = await advanceOnce(planned, fireTimeOf({ scheduleId, fireTime }), ports);
    if (end) return end;
  }
  throw new Error(
    `Expected ${scheduleId} to rest within ${MOST_ROUNDS} rounds, got a change each time; the message will come again.`,
  );
}

interface PlannedSchedule {
  readonly definition: ScheduleDefinition;
  readonly state: ScheduleState;
  readonly plan: Plan;
}

/** @returns `undefined` when the schedule was written meanwhile. */
async function advanceOnce(
  { definition, state, plan }: PlannedSchedule,
  fireTime: EpochSeconds,
  ports: AdvanceSchedulePorts,
): Promise<Advanced | undefined> {
  const { scheduleId, generation } = state;
  const now = ports.now();
  const decision = decideAdvance({ definition, plan, fireTime, now });
  if (decision.kind === 'moved-on') return { kind: 'nothing-to-do' };
  const fence: PlanFence = { scheduleId, generation, fireTime };
  const isNoted = plan.decidedAt !== undefined || !dependsOnDecision(definition.policy);
  if (!isNoted && !(await ports.plans.noteDecision(fence, now))) return undefined;
  const { starts, unrun } = decision;
  await inTurns(starts, (due) =>
    ports.queue.send({ kind: 'start', notBefore: now, start: startOf(definition, toIso(due)) }),
  );
  await inTurns(unrun, (firing) => settle(definition, firing, ports));
  const isMoved = await ports.plans.move(fence, decision.plan, ports.now());
  return isMoved ? { kind: 'advanced', started: starts.length, unrun: unrun.length } : undefined;
}

async function settle(
  definition: ScheduleDefinition,
  { fireTime, outcome, error }: UnrunFiring,
  { jobs, now }: AdvanceSchedulePorts,
): Promise<void> {
  const start = startOf(definition, toIso(fireTime));
  // A decision that is carried out much later may have been carried out before, and its row have come and gone.
  if (!isBeyondDoubt(start, now())) return;
  await createUnrun(start, { outcome, error }, { jobs, nowMs: () => now() * 1000 });
}

async function inTurns<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < items.length; first += CALLS_AT_ONCE)
    await Promise.all(items.slice(first, first + CALLS_AT_ONCE).map(act));
}

import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import {
  decidePlanProjection,
  type PlanProjection,
} from '#shared/domain/schedule/decide-plan-projection.ts';
import {
  decideProjection,
  type Projection,
  TOMBSTONE_SECONDS,
} from '#shared/domain/schedule/decide-projection.ts';
import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import { nearStarts } from '#shared/domain/schedule/due-starts.ts';
import { pauseAt } from '#shared/domain/schedule/pause.ts';
import { retryAfterRefusal } from '#shared/domain/schedule/retry-after-refusal.ts';
import type { ScheduleState, StoredSchedule, Sync } from '#shared/domain/schedule/schedule.ts';
import type { EventBridge, ProjectionResult } from '#shared/ports/event-bridge.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { QueuedMessage, StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What projecting needs. */
export interface ProjectSchedulesPorts {
  readonly now: WallClock;
  readonly schedules: Pick<ScheduleStore, 'read' | 'writeSync'>;
  readonly eventBridge: EventBridge;
  readonly queue: StartQueue;
}

/** A schedule that keeps changing while it is projected is given back to the stream after this many rounds. */
const MOST_ROUNDS = 5;

/**
 * Makes EventBridge equal to a schedule as it stands now, whatever change woke us, and notes how that went.
 *
 *    read ── apply ── near starts ── note, on condition of the generation read
 *      └───────────── go again ──────────┘ where it has moved on
 *
 * Every step may be repeated; a crash anywhere leaves the schedule pending, and the stream delivers it again. Going again does not ask
 * whether the schedule is pending: another may have projected the newer state already, and what we applied since has undone it.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function projectSchedule(
  scheduleId: string,
  ports: ProjectSchedulesPorts,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { definition, state } = await ports.schedules.read(scheduleId);
    if (!state || (round === 0 && state.sync.state !== 'pending')) return;
    const isNoted =
      definition && state.deletedAt === undefined
        ? await projectPresent({ definition, state }, ports)
        : await projectGone(state, ports);
    if (isNoted) return;
  }
  throw new Error(
    `Expected ${scheduleId} to rest within ${MOST_ROUNDS} rounds, got a change each time; the stream will deliver it again.`,
  );
}

/** @returns `false` when the schedule was changed meanwhile, as {@link projectGone} does. */
async function projectPresent(
  schedule: StoredSchedule,
  ports: ProjectSchedulesPorts,
): Promise<boolean> {
  const { definition, state } = schedule;
  const pause = pauseAt(state, ports.now());
  const projection = state.plan
    ? decidePlanProjection(definition, state.plan, ports.now())
    : decideProjection(definition, ports.now(), pause);
  const result = await carryOut(projection, definition.scheduleId, ports.eventBridge);
  if (result.kind === 'refused') return noteRefusal(state, result, ports);
  const messages = dueMessages(schedule, projection, ports.now());
  await Promise.all(messages.map((message) => ports.queue.send(message)));
  const isOver = projection.kind === 'nothing' && !pause && !dependencyOf(definition);
  const reached = isOver ? 'completed' : 'active';
  return ports.schedules.writeSync(state.scheduleId, syncOf(state, reached, ports));
}

/** Lists what the starts queue is to deliver: a plan's fire time where EventBridge has none, or starts that it may have missed. */
function dueMessages(
  schedule: StoredSchedule,
  projection: Projection | PlanProjection,
  now: EpochSeconds,
): readonly QueuedMessage[] {
  if (projection.kind === 'queue')
    return [{ ...projection.advance, notBefore: projection.notBefore }];
  if (schedule.state.plan) return [];
  return nearStarts(schedule, now).map((due) => ({ kind: 'start', ...due }));
}

async function carryOut(
  projection: Projection | PlanProjection,
  scheduleId: string,
  eventBridge: EventBridge,
): Promise<ProjectionResult> {
  switch (projection.kind) {
    case 'schedule':
      return eventBridge.apply(projection.schedule);
    case 'queue':
    case 'nothing':
      return eventBridge.remove(scheduleId);
    case 'impossible':
      return { kind: 'refused', code: 'trigger.invalid', message: projection.reason };
  }
}

async function projectGone(state: ScheduleState, ports: ProjectSchedulesPorts): Promise<boolean> {
  const result = await ports.eventBridge.remove(state.scheduleId);
  if (result.kind === 'refused') return noteRefusal(state, result, ports);
  return ports.schedules.writeSync(state.scheduleId, syncOf(state, 'completed', ports), {
    leavesAt: ports.now() + TOMBSTONE_SECONDS,
  });
}

/** The retry is sent before the refusal is noted: a crash in between repeats both, and a retry that comes for nothing does nothing. */
async function noteRefusal(
  state: ScheduleState,
  refusal: Extract<ProjectionResult, { readonly kind: 'refused' }>,
  ports: ProjectSchedulesPorts,
): Promise<boolean> {
  const { scheduleId, generation } = state;
  const attempts = (state.sync.error?.attempts ?? 0) + 1;
  const retryAt = retryAfterRefusal(attempts, ports.now());
  if (retryAt !== undefined)
    await ports.queue.send({ kind: 'project', scheduleId, generation, notBefore: retryAt });
  const { code, message } = refusal;
  const error = { code, message, attempts, ...(retryAt !== undefined && { retryAt }) };
  return ports.schedules.writeSync(scheduleId, { ...syncOf(state, 'failed', ports), error });
}

function syncOf(
  { generation }: ScheduleState,
  reached: Sync['state'],
  ports: ProjectSchedulesPorts,
): Sync {
  return { state: reached, generation, at: ports.now() };
}

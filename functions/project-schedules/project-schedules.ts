import { decideProjection, TOMBSTONE_SECONDS } from '#shared/domain/schedule/decide-projection.ts';
import { nearStarts } from '#shared/domain/schedule/due-starts.ts';
import { retryAfterRefusal } from '#shared/domain/schedule/retry-after-refusal.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  Sync,
  SyncError,
} from '#shared/domain/schedule/schedule.ts';
import type { EventBridge, ProjectionResult } from '#shared/ports/event-bridge.ts';
import type { ScheduleParts, ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
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
 * Every step may be repeated; a crash anywhere leaves the schedule pending, and the stream delivers it again.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function projectSchedule(
  scheduleId: string,
  ports: ProjectSchedulesPorts,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const parts = await ports.schedules.read(scheduleId);
    if (parts.state?.sync.state !== 'pending') return;
    if (await projectOnce(parts, parts.state, ports)) return;
  }
  throw new Error(
    `Expected ${scheduleId} to rest within ${MOST_ROUNDS} rounds, got a change each time; the stream will deliver it again.`,
  );
}

/** @returns `false` when the schedule was changed meanwhile. */
function projectOnce(
  { definition }: ScheduleParts,
  state: ScheduleState,
  ports: ProjectSchedulesPorts,
): Promise<boolean> {
  if (definition && state.deletedAt === undefined) return projectPresent(definition, state, ports);
  return projectGone(state, ports);
}

async function projectPresent(
  definition: ScheduleDefinition,
  state: ScheduleState,
  ports: ProjectSchedulesPorts,
): Promise<boolean> {
  const projection = decideProjection(definition, ports.now());
  const result =
    projection.kind === 'schedule'
      ? await ports.eventBridge.apply(projection.schedule)
      : await ports.eventBridge.remove(definition.scheduleId);
  if (result.kind === 'refused') return noteRefusal(state, result, ports);
  for (const due of nearStarts({ definition, state }, ports.now()))
    await ports.queue.send({ kind: 'start', ...due });
  const reached = projection.kind === 'schedule' ? 'active' : 'completed';
  return ports.schedules.writeSync(state.scheduleId, syncOf(state, reached, ports));
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
): Sync & { readonly error?: SyncError } {
  return { state: reached, generation, at: ports.now() };
}

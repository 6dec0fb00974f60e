import { isDeepStrictEqual } from 'node:util';
import { ulid } from 'ulid';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { UpstreamLink } from '#shared/domain/schedule/decide-upstream.ts';
import { lastStarts } from '#shared/domain/schedule/due-starts.ts';
import { overdueStarts } from '#shared/domain/schedule/overdue-starts.ts';
import { keptPause, pauseAt } from '#shared/domain/schedule/pause.ts';
import { planAfterWrite } from '#shared/domain/schedule/plan-after-write.ts';
import { planUnderPause } from '#shared/domain/schedule/plan-under-pause.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
} from '#shared/domain/schedule/schedule.ts';
import { sweptToAfterWrite, sweptToAtFirst } from '#shared/domain/schedule/sweep-position.ts';
import { ledgerMoves } from '#shared/domain/usage/ledger-moves.ts';
import type { ExpectedWrite, ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import { findSchedule } from './find-schedule.ts';
import { lettingGo } from './policy-of.ts';
import { etagOf } from './schedule-resource.ts';
import type { ScheduleDraft } from './understand-schedule.ts';
import { walkUpstream } from './walk-upstream.ts';
import {
  isRefused,
  refuseExceeded,
  type WeighPorts,
  type WrittenSchedule,
  weighSchedule,
} from './weigh-schedule.ts';

/** What writing a schedule takes. */
export interface WriteSchedulePorts extends WeighPorts {
  readonly schedules: ScheduleStore;
  readonly queue: StartQueue;
  readonly makeRedactionKey: () => Promise<void>;
}

/** When a request came, and whether it only asks what would be. */
export interface WriteOptions {
  readonly now: EpochSeconds;
  readonly isDryRun: boolean;
}

/** A schedule upstream, or a ledger, that is changed while a write is prepared has it prepared again, so often. */
const MOST_WALKS = 5;

/**
 * Creates a schedule; EventBridge follows from the table's stream.
 *
 * @throws {AlmanacError} `schedule.exists`; `request.invalid` where it would come after itself; `budget.exceeded`.
 */
export async function createSchedule(
  draft: ScheduleDraft,
  options: WriteOptions,
  ports: WriteSchedulePorts,
): Promise<WrittenSchedule> {
  const { schedules } = ports;
  const scheduleId = draft.id ?? ulid(options.now * 1000).toLowerCase();
  let tombstone: ScheduleState | undefined;
  for (let walk = 0; walk < MOST_WALKS; walk += 1) {
    const unweighed = newSchedule(scheduleId, draft, { ...options, tombstone });
    const upstream = await walkUpstream(unweighed.definition, schedules);
    const { schedule, moves } = await weighSchedule(unweighed, options, ports);
    const expected = { generation: tombstone?.generation, upstream, moves };
    // Most ids are new, so the write goes first; only where it fails is there something to read.
    const mayWrite = !options.isDryRun && !isRefused(schedule);
    if (mayWrite && (await prepareAndWrite(schedule, expected, ports))) return schedule;
    const { state } = await schedules.read(scheduleId);
    // Before the budgets: whoever repeats a request whose answer was lost finds what it has made.
    if (state && state.deletedAt === undefined) throw exists(scheduleId);
    if (options.isDryRun)
      return { ...schedule, ...newSchedule(scheduleId, draft, { ...options, tombstone: state }) };
    refuseExceeded(schedule);
    tombstone = state;
  }
  throw restless(scheduleId);
}

/** What a request says of the schedule that it means to change. */
export interface ChangeRequest {
  readonly scheduleId: string;
  /** The `If-Match` header. */
  readonly ifMatch?: string;
}

/**
 * Replaces a schedule.
 *
 * The old trigger's last starts are sent before the write: EventBridge may drop a firing that is under way when its copy is changed,
 * and a start too many is harmless, one too few is not.
 *
 * @param draftOf - Reads the body in the light of the present schedule.
 * @throws {AlmanacError} `schedule.not-found`, `schedule.stale`; `request.invalid` where it would come after itself; `budget.exceeded`.
 */
export async function replaceSchedule(
  request: ChangeRequest & { readonly draftOf: (present: StoredSchedule) => ScheduleDraft },
  options: WriteOptions,
  ports: WriteSchedulePorts,
): Promise<WrittenSchedule> {
  const first = await findPresent(request, ports.schedules);
  for (let present = first, walk = 0; walk < MOST_WALKS; walk += 1) {
    if (present.state.generation !== first.state.generation) throw stale(request.scheduleId);
    const unweighed = changedSchedule(present, request.draftOf(present), options.now);
    const { generation } = present.state;
    const upstream = await newUpstream(unweighed.definition, present.definition, ports.schedules);
    const context = { ...options, replaced: present.definition };
    const { schedule: replaced, moves } = await weighSchedule(unweighed, context, ports);
    if (options.isDryRun) return replaced;
    refuseExceeded(replaced);
    // A plan that stays where it is owes nothing: what is due is started as the schedule is now.
    if (!isPlanKept(present, replaced)) await sendLastStarts(present, options.now, ports.queue);
    const expected = { generation, replaced: present.definition, upstream, moves };
    if (await prepareAndWrite(replaced, expected, ports)) return replaced;
    if (upstream.length === 0 && moves.length === 0 && !present.definition.share)
      throw stale(request.scheduleId);
    present = await findPresent(request, ports.schedules);
  }
  throw restless(request.scheduleId);
}

/**
 * Deletes a schedule: its user no longer finds it, and EventBridge loses its copy soon after. Its jobs and their results stay until
 * their own time is up.
 *
 * @throws {AlmanacError} `schedule.not-found`, `schedule.stale`
 */
export async function deleteSchedule(
  request: ChangeRequest,
  options: WriteOptions,
  ports: WriteSchedulePorts,
): Promise<void> {
  const { now, isDryRun } = options;
  const first = await findPresent(request, ports.schedules);
  if (isDryRun) return;
  for (let present = first, walk = 0; walk < MOST_WALKS; walk += 1) {
    const { definition, state } = present;
    const { generation } = state;
    if (generation !== first.state.generation) throw stale(request.scheduleId);
    await sendLastStarts(present, now, ports.queue);
    const tombstone = { ...nextState(state, definition.revision, now), deletedAt: now };
    const moves = ledgerMoves(definition.share, undefined, ports.budgets);
    const expected = { generation, replaced: definition, moves };
    if (await ports.schedules.bury(tombstone, expected)) return;
    if (!definition.share) throw stale(request.scheduleId);
    present = await findPresent(request, ports.schedules);
  }
  throw restless(request.scheduleId);
}

/** A schedule that hashes is not there before the key that it hashes with. */
async function prepareAndWrite(
  schedule: StoredSchedule,
  expected: ExpectedWrite,
  ports: WriteSchedulePorts,
): Promise<boolean> {
  if (schedule.definition.policy.redact?.hash) await ports.makeRedactionKey();
  return ports.schedules.write(schedule, expected);
}

function newSchedule(
  scheduleId: string,
  draft: ScheduleDraft,
  context: { readonly now: EpochSeconds; readonly tombstone: ScheduleState | undefined },
): StoredSchedule {
  const { now, tombstone } = context;
  const { id: _, ...fields } = draft;
  const revision = (tombstone?.revision ?? 0) + 1;
  const definition: ScheduleDefinition = {
    scheduleId,
    ...fields,
    revision,
    createdAt: now,
    updatedAt: now,
  };
  const before = { scheduleId, generation: tombstone?.generation ?? 0 };
  const plan = planAfterWrite({ definition, kept: undefined, now });
  // The tombstone's last jobs may still be open; where there is none, nor are there jobs.
  const first = sweptToAtFirst(definition, now);
  const sweptTo = tombstone ? Math.min(first, sweptToAfterWrite(tombstone, now)) : first;
  const state = { ...nextState(before, revision, now), sweptTo };
  return { definition, state: { ...state, ...(plan && { plan }) } };
}

function changedSchedule(
  present: StoredSchedule,
  draft: ScheduleDraft,
  now: EpochSeconds,
): StoredSchedule {
  const { id: _, ...fields } = draft;
  const { definition, state } = present;
  const revision = definition.revision + 1;
  const policy = lettingGo(fields.policy, definition.policy);
  const changed: ScheduleDefinition = {
    ...definition,
    ...fields,
    policy,
    revision,
    updatedAt: now,
  };
  const kept = isSameTrigger(changed, definition) ? state.plan : undefined;
  const written = planAfterWrite({ definition: changed, kept, now });
  const plan = written && planUnderPause(changed, written, pauseAt(state, now));
  const sweptTo = Math.min(sweptToAfterWrite(state, now), sweptToAtFirst(changed, now));
  return {
    definition: changed,
    state: { ...nextState(state, revision, now), sweptTo, ...(plan && { plan }) },
  };
}

/** The way up was walked when the trigger was first written, and no write since has closed a circle. */
async function newUpstream(
  changed: ScheduleDefinition,
  present: ScheduleDefinition,
  schedules: ScheduleStore,
): Promise<readonly UpstreamLink[]> {
  return isSameTrigger(changed, present) ? [] : walkUpstream(changed, schedules);
}

/** The same days left out belong to the same trigger. */
function isSameTrigger(one: ScheduleDefinition, other: ScheduleDefinition): boolean {
  return (
    isDeepStrictEqual(one.trigger, other.trigger) &&
    isDeepStrictEqual(one.calendars ?? {}, other.calendars ?? {})
  );
}

function isPlanKept(present: StoredSchedule, replaced: StoredSchedule): boolean {
  const { plan } = present.state;
  return plan !== undefined && plan === replaced.state.plan;
}

/** A pause stays with the schedule, and with its tombstone: starts of paused fire times may still be under way. */
function nextState(
  before: Pick<ScheduleState, 'scheduleId' | 'generation'> & Partial<ScheduleState>,
  revision: number,
  now: EpochSeconds,
): ScheduleState {
  const generation = before.generation + 1;
  return {
    scheduleId: before.scheduleId,
    generation,
    sync: { state: 'pending', generation, at: now },
    changedAt: now,
    ...keptPause(before, now),
    sweptTo: sweptToAfterWrite(before, now),
    revision,
  };
}

async function findPresent(
  { scheduleId, ifMatch }: ChangeRequest,
  schedules: ScheduleStore,
): Promise<StoredSchedule> {
  const present = await findSchedule(scheduleId, schedules);
  if (ifMatch !== undefined && !isMatch(ifMatch, etagOf(present.definition)))
    throw stale(scheduleId);
  return present;
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1 */
function isMatch(ifMatch: string, etag: string): boolean {
  return ifMatch.split(',').some((listed) => listed.trim() === '*' || listed.trim() === etag);
}

async function sendLastStarts(
  present: StoredSchedule,
  now: EpochSeconds,
  queue: StartQueue,
): Promise<void> {
  const { definition, state } = present;
  const starts = state.plan ? overdueStarts(definition, state.plan, now) : lastStarts(present, now);
  await Promise.all(starts.map((due) => queue.send({ kind: 'start', ...due })));
}

function exists(scheduleId: string): AlmanacError {
  return new AlmanacError(
    'schedule.exists',
    `Expected an id that is free, got \`${scheduleId}\`. PUT changes the schedule that has it.`,
  );
}

function stale(scheduleId: string): AlmanacError {
  return new AlmanacError(
    'schedule.stale',
    `Expected \`${scheduleId}\` to be as it was read, got a later change. Read it again, then change that.`,
  );
}

function restless(scheduleId: string): AlmanacError {
  return new AlmanacError(
    'schedule.stale',
    `Expected the schedules upstream of \`${scheduleId}\` and its budgets to rest while it is written, got a change each of ${MOST_WALKS} times. Try again.`,
  );
}

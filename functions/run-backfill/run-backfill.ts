import { decodeTime } from 'ulid';
import type { Backfill, BackfillMessage, OpenFiring } from '#shared/domain/backfill/backfill.ts';
import { backfillStart } from '#shared/domain/backfill/backfill-start.ts';
import { decideStep, type LookAhead, type StepView } from '#shared/domain/backfill/decide-step.ts';
import { fireTimesBetween } from '#shared/domain/backfill/fire-times-between.ts';
import { lookAtOpen } from '#shared/domain/backfill/look-at-open.ts';
import { mostOpen } from '#shared/domain/backfill/pace.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';
import type { JobStandingReader, JobStandings } from '#shared/ports/job-standings.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What a step takes. */
export interface RunBackfillPorts {
  readonly now: WallClock;
  /** Makes a random text, as the mark of a message. */
  readonly newMark: () => string;
  readonly schedules: Pick<ScheduleStore, 'read'>;
  readonly backfills: Pick<BackfillStore, 'read' | 'replace'>;
  readonly jobs: JobStandingReader;
  readonly queue: StartQueue;
}

/** What came of a message. `superseded`: another message goes on with the backfill, or has. */
export type BackfillStepped = 'stepped' | 'ended' | 'superseded' | 'awaited' | 'not-found';

/** So many fire times are looked at in one step. */
const MOST_LOOKED_AT = 100;

/** A message overtakes the write of its backfill by moments; where that has failed, nobody waits for it for longer. */
const LONGEST_AWAITED_SECONDS = 60;
const AWAITED_AGAIN_SECONDS = 5;

/**
 * Does one step of a backfill: looks what has become of the jobs that it has started, starts more as far as there is room, and sends
 * itself the message of the next step.
 *
 *    version n ── note what is started ──▶ n + 1, sending ── starts ── move ──▶ n + 2 ── the next message
 *    version n ── nothing to start ─────────────────────────────────── move ──▶ n + 1 ── the next message
 *
 * A message that fails comes again, and finds by its mark how far it has come: it sends the noted starts again, with the same
 * `deliverBy`, or only the next message. Any other message of a version that has passed is superseded, so a message that is delivered
 * twice does not make two backfills of one.
 *
 * @throws {AlmanacError} `store.unavailable`; the message then comes again.
 */
export async function runBackfill(
  message: BackfillMessage,
  ports: RunBackfillPorts,
): Promise<BackfillStepped> {
  const backfill = await ports.backfills.read(message.scheduleId, message.backfillId);
  if (!backfill) return awaitBackfill(message, ports);
  if (backfill.state !== 'running') return 'ended';
  const isOwn = backfill.writtenBy === message.mark;
  if (!isOwn && backfill.version !== message.version) return 'superseded';
  if (isOwn && backfill.sendingAt === undefined) return sendNext(backfill, ports);
  const { definition } = await ports.schedules.read(message.scheduleId);
  const context = { mark: message.mark, ports };
  if (!definition || definition.createdAt !== backfill.scheduleCreatedAt)
    return move(stopped(backfill, ports.now()), context);
  if (!isOwn) return step(backfill, definition, context);
  await sendStarts(backfill, definition, ports);
  return move(backfill, context);
}

interface StepContext {
  /** Of the message that is taken. */
  readonly mark: string;
  readonly ports: RunBackfillPorts;
}

async function step(
  backfill: Backfill,
  definition: ScheduleDefinition,
  context: StepContext,
): Promise<BackfillStepped> {
  const { ports } = context;
  const { policy } = definition;
  const now = ports.now();
  const decided = decideStep(backfill, await view(backfill, definition, ports), {
    policy,
    scheduleCreatedAt: backfill.scheduleCreatedAt,
    isForced: backfill.isForced,
    windowSeconds: policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS,
    now,
  });
  if (decided.starts.length === 0) return move(decided.backfill, context);
  const noted = await write({ ...decided.backfill, sendingAt: now }, context);
  if (!noted) return 'superseded';
  await sendStarts(noted, definition, ports);
  return move(noted, context);
}

/** Reads what a step is decided by: the jobs that were started, and, where there is room for more, what comes next. */
async function view(
  backfill: Backfill,
  definition: ScheduleDefinition,
  ports: RunBackfillPorts,
): Promise<StepView> {
  const { scheduleId } = backfill;
  const { policy } = definition;
  const started = backfill.open.map(({ fireTime }) => fireTime);
  const rows = started.length === 0 ? NO_ROWS : await ports.jobs.of(scheduleId, started);
  const open = lookAtOpen(backfill.open, rows, { policy, now: ports.now() });
  const taken = open.open.length + open.lost.length;
  const room = Math.max(mostOpen(backfill.overlap ?? policy.overlap) - taken, 0);
  const hasMore = room > 0 && backfill.lookFrom <= backfill.to;
  return { open, room, ahead: hasMore ? await lookAhead(backfill, ports) : undefined };
}

const NO_ROWS: JobStandings = new Map();

async function lookAhead(backfill: Backfill, { jobs }: RunBackfillPorts): Promise<LookAhead> {
  const { scheduleId, trigger, lookFrom: from, to } = backfill;
  const times = fireTimesBetween(triggerOf({ scheduleId, ...trigger }), {
    from,
    to,
    limit: MOST_LOOKED_AT,
  });
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return { firings: [], lookFrom: to + 1 };
  const seen = await jobs.between(scheduleId, { from: first, to: last });
  const firings = times
    .filter((fireTime) => fireTime <= seen.to)
    .map((fireTime) => ({ fireTime, row: seen.standings.get(fireTime) }));
  return { firings, lookFrom: Math.min(seen.to, last) + 1 };
}

/**
 * Sends the starts that were noted last. A repetition that comes late, when their `deliverBy` is near, leaves them: what has no row when
 * that is over is found to be lost, and started anew.
 */
async function sendStarts(
  noted: Backfill,
  definition: ScheduleDefinition,
  { queue, now }: RunBackfillPorts,
): Promise<void> {
  const notBefore = now();
  const isInTime = ({ sentAt, deliverBy }: OpenFiring) =>
    sentAt === noted.sendingAt && notBefore <= (sentAt + deliverBy) / 2;
  await Promise.all(
    noted.open.filter(isInTime).map((firing) => {
      const start = backfillStart(definition, noted, firing);
      return queue.send({ kind: 'start', notBefore, start });
    }),
  );
}

/** Ends a step by one write, and has the next follow. */
async function move(stepped: Backfill, context: StepContext): Promise<BackfillStepped> {
  const { sendingAt: _, ...resting } = stepped;
  const moved = await write(resting, context);
  if (!moved) return 'superseded';
  return moved.state === 'running' ? sendNext(moved, context.ports) : 'ended';
}

/** @returns `undefined` where someone else has written meanwhile. */
async function write(next: Backfill, { mark, ports }: StepContext): Promise<Backfill | undefined> {
  const written = { ...next, version: next.version + 1, writtenBy: mark };
  return (await ports.backfills.replace(written)) ? written : undefined;
}

async function sendNext(
  { scheduleId, backfillId, version, waitSeconds }: Backfill,
  { queue, now, newMark }: RunBackfillPorts,
): Promise<BackfillStepped> {
  const notBefore = now() + waitSeconds;
  const mark = newMark();
  await queue.send({ kind: 'backfill', scheduleId, backfillId, version, mark, notBefore });
  return 'stepped';
}

/** The first message is sent before the backfill is written, so that none is there that nobody works on. */
async function awaitBackfill(
  message: BackfillMessage,
  { queue, now }: RunBackfillPorts,
): Promise<BackfillStepped> {
  const askedAt = decodeTime(message.backfillId) / 1000;
  if (now() > askedAt + LONGEST_AWAITED_SECONDS) return 'not-found';
  await queue.send({ ...message, notBefore: now() + AWAITED_AGAIN_SECONDS });
  return 'awaited';
}

/** What it has started runs to its end. */
function stopped(backfill: Backfill, endedAt: EpochSeconds): Backfill {
  const reason = 'The schedule was deleted.';
  return { ...backfill, state: 'cancelled', endedAt, reason };
}

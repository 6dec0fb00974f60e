import type { Backfill, OpenFiring } from '#shared/domain/backfill/backfill.ts';
import { backfillStart } from '#shared/domain/backfill/backfill-start.ts';
import {
  type BackfillStep,
  decideStep,
  type LookAhead,
  type StepView,
} from '#shared/domain/backfill/decide-step.ts';
import { fireTimesBetween } from '#shared/domain/backfill/fire-times-between.ts';
import { lookAtOpen } from '#shared/domain/backfill/look-at-open.ts';
import { mostOpen } from '#shared/domain/backfill/pace.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import type { JobStandingReader, JobStandings } from '#shared/ports/job-standings.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import {
  type ErrandPorts,
  type ErrandStepped,
  takeErrandStep,
} from '#shared/use-cases/take-errand-step.ts';

/** What a step takes. */
export interface RunBackfillPorts extends ErrandPorts<Backfill> {
  readonly schedules: Pick<ScheduleStore, 'read'>;
  readonly jobs: JobStandingReader;
}

/** So many fire times are looked at in one step. */
const MOST_LOOKED_AT = 100;

/**
 * Does one step of a backfill: looks what has become of the jobs that it has started, starts more as far as there is room, and has the
 * next step follow.
 *
 * What is started is noted before; a step that comes again sends the noted starts again, with the same `deliverBy`.
 *
 * @throws {AlmanacError} `store.unavailable`; the message then comes again.
 */
export function runBackfill(
  message: ErrandMessage,
  ports: RunBackfillPorts,
): Promise<ErrandStepped> {
  const isHalfDone = ({ sendingAt }: Backfill) => sendingAt !== undefined;
  return takeErrandStep(
    message,
    {
      isHalfDone,
      step: async (backfill, note) => {
        const { definition } = await ports.schedules.read(backfill.scheduleId);
        if (!definition || definition.createdAt !== backfill.scheduleCreatedAt)
          return stopped(backfill, ports.now());
        if (isHalfDone(backfill)) return sendStarts(backfill, definition, ports);
        const { starts, backfill: next } = await decide(backfill, definition, ports);
        const [first] = starts;
        if (!first) return next;
        const noted = await note({ ...next, sendingAt: first.sentAt });
        return noted && sendStarts(noted, definition, ports);
      },
    },
    ports,
  );
}

async function decide(
  backfill: Backfill,
  definition: ScheduleDefinition,
  ports: RunBackfillPorts,
): Promise<BackfillStep> {
  const { policy } = definition;
  return decideStep(backfill, await view(backfill, definition, ports), {
    policy,
    scheduleCreatedAt: backfill.scheduleCreatedAt,
    isForced: backfill.isForced,
    windowSeconds: policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS,
    now: ports.now(),
  });
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
 *
 * @returns The backfill without the note.
 */
async function sendStarts(
  noted: Backfill,
  definition: ScheduleDefinition,
  { queue, now }: RunBackfillPorts,
): Promise<Backfill> {
  const { sendingAt, ...resting } = noted;
  const notBefore = now();
  const isInTime = ({ sentAt, deliverBy }: OpenFiring) =>
    sentAt === sendingAt && notBefore <= (sentAt + deliverBy) / 2;
  await Promise.all(
    noted.open.filter(isInTime).map((firing) => {
      const start = backfillStart(definition, noted, firing);
      return queue.send({ kind: 'start', notBefore, start });
    }),
  );
  return resting;
}

/** What it has started runs to its end. */
function stopped(backfill: Backfill, endedAt: EpochSeconds): Backfill {
  const { sendingAt: _, ...resting } = backfill;
  return { ...resting, state: 'cancelled', endedAt, reason: 'The schedule was deleted.' };
}

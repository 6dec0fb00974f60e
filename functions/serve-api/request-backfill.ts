import { ulid } from 'ulid';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { BackfillDraft } from './understand-backfill.ts';

/** What asking for a backfill takes. */
export interface RequestBackfillPorts {
  readonly backfills: Pick<BackfillStore, 'create'>;
  readonly queue: StartQueue;
}

/** Which backfill is asked for, by whom, and when. */
export interface BackfillRequest {
  readonly draft: BackfillDraft;
  readonly definition: ScheduleDefinition;
  readonly by: string;
  readonly now: EpochSeconds;
}

/**
 * Writes a backfill, and has it begun.
 *
 * The message that begins it goes first: one that finds no backfill is forgotten after a minute, while a backfill that no message came
 * for would be `running` for ever.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function requestBackfill(
  { draft, definition, by, now }: BackfillRequest,
  { backfills, queue }: RequestBackfillPorts,
): Promise<Backfill> {
  const { from, to, overlap, force, note, fireTimes } = draft;
  const { scheduleId, trigger, anchorAt, calendars } = definition;
  const backfillId = ulid(now * 1000);
  const backfill: Backfill = {
    scheduleId,
    backfillId,
    state: 'running',
    from,
    to,
    ...(overlap !== undefined && { overlap }),
    isForced: force,
    by,
    ...(note !== undefined && { note }),
    createdAt: now,
    trigger: { trigger, anchorAt, ...(calendars && { calendars }) },
    scheduleCreatedAt: definition.createdAt,
    counts: { due: fireTimes.length, started: 0, settled: 0, running: 0, unknown: 0 },
    lookFrom: from,
    open: [],
    waitSeconds: 0,
    version: 1,
    writtenBy: by,
  };
  const mark = ulid(now * 1000);
  await queue.send({ kind: 'backfill', scheduleId, backfillId, version: 1, mark, notBefore: now });
  await backfills.create(backfill);
  return backfill;
}

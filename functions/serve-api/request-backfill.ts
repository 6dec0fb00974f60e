import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import { beginErrand, newErrand } from './begin-errand.ts';
import type { BackfillDraft } from './understand-backfill.ts';

/** What asking for a backfill takes. */
export interface RequestBackfillPorts {
  readonly backfills: Pick<ErrandStore<Backfill>, 'create'>;
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
 * @throws {AlmanacError} `store.unavailable`
 */
export function requestBackfill(
  { draft, definition, by, now }: BackfillRequest,
  { backfills, queue }: RequestBackfillPorts,
): Promise<Backfill> {
  const { from, to, overlap, force, note, fireTimes } = draft;
  const { scheduleId, trigger, anchorAt, calendars } = definition;
  const backfill: Backfill = {
    ...newErrand({ scheduleId, by, note, now }),
    from,
    to,
    ...(overlap !== undefined && { overlap }),
    isForced: force,
    trigger: { trigger, anchorAt, ...(calendars && { calendars }) },
    scheduleCreatedAt: definition.createdAt,
    counts: { due: fireTimes.length, started: 0, settled: 0, running: 0, unknown: 0 },
    lookFrom: from,
    open: [],
  };
  return beginErrand('backfill', backfill, { errands: backfills, queue });
}

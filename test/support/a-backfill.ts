import { encodeTime } from 'ulid';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;

/** Builds a backfill of `daily-sales` of the three days before {@link FIRE_TIME}, asked for a minute after it, of which nothing is done. */
export function aBackfill(changes: Partial<Backfill> = {}): Backfill {
  const { trigger, anchorAt, createdAt } = aDefinition();
  return {
    scheduleId: 'daily-sales',
    errandId: `${encodeTime((FIRE_TIME + 60) * 1_000)}${'0'.repeat(16)}`,
    state: 'running',
    from: FIRE_TIME - 3 * DAY,
    to: FIRE_TIME - DAY,
    isForced: false,
    by: 'arn:aws:iam::000000000000:user/ada',
    createdAt: FIRE_TIME + 60,
    trigger: { trigger, anchorAt },
    scheduleCreatedAt: createdAt,
    counts: { due: 3, started: 0, settled: 0, running: 0, unknown: 0 },
    lookFrom: FIRE_TIME - 3 * DAY,
    open: [],
    waitSeconds: 0,
    version: 1,
    writtenBy: 'arn:aws:iam::000000000000:user/ada',
    ...changes,
  };
}

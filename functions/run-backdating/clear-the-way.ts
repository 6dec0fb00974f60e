import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type Backdating, STEP_OVER_SECONDS } from '#shared/domain/backdating/backdating.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What clearing the way takes. */
export interface ClearTheWayPorts {
  readonly now: WallClock;
  readonly errands: Pick<ErrandStore<Backdating>, 'read' | 'replace' | 'list'>;
}

/** All that are older than these were superseded by one of them. */
const MOST_LISTED = 10;

/** Each lost race means that the other has done a step. */
const MOST_ROUNDS = 5;

/**
 * Sees to it that a backdating is the only one of its schedule that writes to jobs: the newest one is, and the others end.
 *
 *     older ── a step of it ──▶ its last write to a job
 *                 │ superseded        │
 *     newer ──────┴── waits until no such step can be under way any more ──│── its first look at jobs
 *
 * @returns The backdating with `isAlone`: to go on now, or after `waitSeconds`; cancelled where there is a newer one.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function clearTheWay(
  backdating: Backdating,
  ports: ClearTheWayPorts,
): Promise<Backdating> {
  const going: Backdating = { ...backdating, waitSeconds: 0 };
  if (backdating.isAlone) return going;
  const { scheduleId, errandId } = backdating;
  const { errands: listed } = await ports.errands.list(scheduleId, { limit: MOST_LISTED });
  const now = ports.now();
  const newer = listed.find((other) => other.errandId > errandId);
  if (newer) return superseded(backdating, newer, now);
  const older = listed.filter((other) => other.errandId < errandId);
  for (const other of older) await supersede(other, backdating, ports);
  const isOver = ({ state, endedAt = now }: Backdating) =>
    state !== 'running' && endedAt + STEP_OVER_SECONDS <= now;
  const waitSeconds = older.every(isOver) ? 0 : STEP_OVER_SECONDS;
  return { ...going, isAlone: true, waitSeconds };
}

async function supersede(
  listed: Backdating,
  by: Backdating,
  { errands, now }: ClearTheWayPorts,
): Promise<void> {
  let older: Backdating | undefined = listed;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (older?.state !== 'running') return;
    const ended = superseded(older, by, now());
    const written = { ...ended, version: ended.version + 1, writtenBy: by.errandId };
    if (await errands.replace(written)) return;
    older = await errands.read(older.scheduleId, older.errandId);
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to end \`${listed.errandId}\` within ${MOST_ROUNDS} tries, got a step of it before each.`,
  );
}

function superseded(older: Backdating, newer: Backdating, endedAt: number): Backdating {
  const reason = `Superseded by ${newer.errandId}.`;
  return { ...older, state: 'cancelled', endedAt, reason };
}

import type { Row } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';
import type { Stage } from './stage.ts';

/** Past the longest that a result of a day, or an end without its row, may lie in the bucket, and that a backfill can be looked at. */
const FOR_GOOD_SECONDS = 32 * 86_400;

/**
 * Deletes schedules, lets everything expire, and looks for what is still there.
 *
 * @returns Sentences; none where nothing is.
 */
export async function clearStage(ids: readonly string[], stage: Stage): Promise<readonly string[]> {
  const { api, cloud, objectsBelow, rowsOf } = stage.play;
  await stopSweeps(stage.play);
  for (const id of ids) await api.request('DELETE', `/v1/schedules/${id}`);
  await cloud.clock.advanceBy(FOR_GOOD_SECONDS);
  const rows: Row[] = [];
  for (const id of ids)
    rows.push(
      ...(await rowsOf(id)),
      ...(await rowsOf(`slot:${id}`)),
      ...(await rowsOf(id, 'schedules')),
    );
  const left = [
    ...rows.map(({ scheduleId, fireTime, part }) => `${scheduleId} ${fireTime ?? part}`),
    ...(await objectsBelow('')),
    ...(await stage.messages()),
  ];
  return left.map((what) => `for good: ${what} remains`);
}

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

/** Defines the tests of one topic on a cloud that others have used before; it may be asked for once the tests run. */
export type CloudSuite = (shared: () => CloudPlay) => void;

const DAY = 86_400;

/**
 * Plays several suites on one cloud, in their order: most of what a cloud costs is the start of its functions' processes.
 *
 * The stack's timers stand still. A suite meets no schedule of another. Where one has moved the clock, the next begins at the same
 * time of a later day, when what the other has kept for a day is gone.
 *
 * @param suites - By what they are about, as `describe` has it.
 */
export function suitesOnCloud(
  assembly: 'assembly' | 'probes',
  suites: Readonly<Record<string, CloudSuite>>,
): void {
  let play: CloudPlay;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject(assembly) });
    await stopSweeps(play);
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  for (const [topic, suite] of Object.entries(suites))
    describe(topic, () => {
      let beganAt: number;

      beforeAll(() => {
        beganAt = play.cloud.clock.now();
      });

      suite(() => play);

      it('is within what the functions may do', () => {
        expect(play.refused).toEqual([]);
      });

      afterAll(async () => {
        await deleteSchedules(play);
        const { clock } = play.cloud;
        const days = Math.ceil((clock.now() - beganAt) / DAY);
        if (days > 0) await clock.advanceBy(beganAt + (days + 3) * DAY - clock.now());
      });
    });
}

async function deleteSchedules({ api, cloud }: CloudPlay): Promise<void> {
  for (let next = '/v1/schedules'; next !== ''; ) {
    const { json } = await api.request('GET', next);
    const { data, next: cursor } = Object(json);
    for (const { id } of data) await api.request('DELETE', `/v1/schedules/${id}`);
    next = typeof cursor === 'string' ? `/v1/schedules?cursor=${encodeURIComponent(cursor)}` : '';
  }
  await cloud.settle();
}

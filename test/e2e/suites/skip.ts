import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** How one fire time is left out beforehand. */
export function skip(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(async () => {
    play = shared();
    // Past nine, so that no fire time is near.
    await play.cloud.clock.advanceBy(120);
  });

  it.each([
    ['native', { kind: 'cron', expression: 'cron(0/15 * * * ? *)', timeZone: 'UTC' }],
    ['planned', { kind: 'interval', every: '25m' }],
  ])('does not run, and those around it do: %s', async (id, trigger) => {
    const { api, cloud, define, rowsOf } = play;
    await define({ id, task: 'sales-report', trigger, resultExpirationTime: '1d' });
    const preview = await api.request('GET', `/v1/schedules/${id}/preview?count=3`);
    const [first, second, third]: readonly { readonly fireTime: string }[] = Object(
      preview.json,
    ).fireTimes;

    const { status } = await api.request('POST', `/v1/schedules/${id}/skip`, {
      body: { fireTime: second?.fireTime, note: 'holiday' },
    });
    await cloud.clock.advanceTo(third?.fireTime ?? '');
    await cloud.clock.advanceBy(120);

    expect(status).toBe(200);
    expect(await rowsOf(id)).toMatchObject([
      { fireTime: first?.fireTime, outcome: 'success' },
      { fireTime: second?.fireTime, outcome: 'skipped', attempt: 0, error: { name: 'Skipped' } },
      { fireTime: third?.fireTime, outcome: 'success' },
    ]);
    expect(play.refused).toEqual([]);
  });
}

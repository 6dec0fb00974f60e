import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type News, publishEvents } from '#functions/publish-events/publish-events.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** Publishes beside one earlier job, to a bus that refuses the event of this number, if any. */
function aWorld({
  previous,
  refuses,
}: {
  readonly previous?: Job;
  readonly refuses?: number;
} = {}) {
  const told: AlmanacEvent[] = [];
  const looked: string[] = [];
  const ports = {
    now: () => FIRE_TIME,
    results: {
      before: async ({ fireTime }: { readonly fireTime: string }) => {
        looked.push(fireTime);
        return previous;
      },
    },
    bus: {
      put: async (events: readonly AlmanacEvent[]) => {
        const taken = refuses ?? events.length;
        told.push(...events.slice(0, taken));
        return refuses === undefined
          ? { taken }
          : { taken, refusal: { code: 'ThrottlingException', message: 'Rate exceeded.' } };
      },
    },
  };
  return { told, looked, publish: (...news: readonly News[]) => publishEvents(news, ports) };
}

function settled(sequenceNumber: string, changes: Partial<Job> = {}): News {
  return { kind: 'settled', sequenceNumber, job: aJob(changes) };
}

const anEarlierJob = (content: ResultContent, resultBytes = 11) =>
  aJob({
    key: { scheduleId: 'daily-sales', fireTime: '2026-11-22T09:00:00Z' },
    content,
    resultBytes,
  });

const JSON_TEXT = '{"rows":20}';
const payload = (sha256: string): ResultContent => ({
  kind: 'payload',
  payload: {
    key: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
    bytes: 11,
    storedBytes: 11,
    sha256,
    encoding: 'gzip',
    type: 'application/json',
    keptUntil: '2026-11-24T09:00:00Z',
  },
});
/** `sha256sum` of `{"rows":20}`. */
const DIGEST = '92fb29ab16553ec5358fb995dbd6710acc702d3a4973e79dc8eafc9370036a4c';

describe('publishEvents', () => {
  it('tells each job that has settled, in the order of the stream', async () => {
    const { told, publish } = aWorld();
    const event: AlmanacEvent = {
      type: 'schedule.paused',
      id: 'p',
      subject: 'p',
      time: '2026-11-23T09:00:00Z',
      data: {},
    };

    const published = await publish(
      settled('1', { outcome: 'error' }),
      { kind: 'told', sequenceNumber: '2', event },
      settled('3'),
    );

    expect(published).toEqual({ events: 3 });
    expect(told.map(({ type }) => type)).toEqual(['job.settled', 'schedule.paused', 'job.settled']);
  });

  it('asks the bus for nothing where nothing is to be told', async () => {
    const { publish } = aWorld({ refuses: 0 });

    expect(await publish()).toEqual({ events: 0 });
  });

  it('has the stream deliver again from the change on whose event was refused', async () => {
    const { publish } = aWorld({
      previous: anEarlierJob({ kind: 'text', text: '{}' }, 2),
      refuses: 3,
    });

    const { failed } = await publish(settled('1'), settled('2'), settled('3'));

    expect(failed).toEqual({
      sequenceNumber: '2',
      code: 'ThrottlingException',
      message: 'Rate exceeded.',
    });
  });

  it('tells that a result is another than the success before it had', async () => {
    const { told, publish } = aWorld({
      previous: anEarlierJob({ kind: 'text', text: '{"rows":21}' }),
    });

    await publish(settled('1'));

    expect(told.map(({ id }) => id)).toEqual([
      'daily-sales@20261123T090000Z/settled',
      'daily-sales@20261123T090000Z/result-changed',
    ]);
  });

  const text: ResultContent = { kind: 'text', text: JSON_TEXT };
  const zstd: ResultContent = { kind: 'zstd', data: zstdCompressSync(JSON_TEXT) };
  it.each([
    ['both lie in their rows', text, text],
    ['one is compressed', zstd, text],
    ['one lies in the bucket', payload(DIGEST), zstd],
    ['both lie in the bucket', payload('d'), payload('d')],
  ])('finds equal results equal where %s', async (_, content, other) => {
    const { told, publish } = aWorld({ previous: anEarlierJob(other) });

    await publish(settled('1', { content }));

    expect(told.map(({ type }) => type)).toEqual(['job.settled']);
  });

  it.each([
    ['one is compressed', zstd, { kind: 'text', text: '{"rows":21}' } as const],
    ['one lies in the bucket', payload('d'), text],
    ['both lie in the bucket', payload('d'), payload('e')],
  ])('finds other results other where %s', async (_, content, other) => {
    const { told, publish } = aWorld({ previous: anEarlierJob(other) });

    await publish(settled('1', { content }));

    expect(told.map(({ type }) => type)).toEqual(['job.settled', 'result.changed']);
  });

  it.each([
    ['equal', 'h', ['job.settled']],
    ['other', 'i', ['job.settled', 'result.changed']],
  ])(
    'goes by the hashes of canonical JSON where both rows have one: %s',
    async (_, other, types) => {
      const previous = {
        ...anEarlierJob({ kind: 'text', text: '{"b":1,"a":2}' }, 13),
        resultHash: other,
      };
      const { told, publish } = aWorld({ previous });

      await publish(settled('1', { resultHash: 'h' }));

      expect(told.map(({ type }) => type)).toEqual(types);
    },
  );

  it('looks back only for what can be compared', async () => {
    const { looked, publish } = aWorld();

    await publish(
      settled('1', { outcome: 'error' }),
      settled('2', { resultExpiresAt: FIRE_TIME }),
      settled('3', { key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z~01' } }),
      settled('4', { resultState: 'unchanged', sameAs: 'daily-sales@20261122T090000Z' }),
      settled('5'),
    );

    expect(looked).toEqual(['2026-11-23T09:00:00Z']);
  });
});

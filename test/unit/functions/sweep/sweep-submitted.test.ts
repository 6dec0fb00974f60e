import { describe, expect, it } from 'vitest';
import { type SweepSubmittedPorts, sweepSubmitted } from '#functions/sweep/sweep-submitted.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';
import type { TaskPlace } from '#shared/domain/job/task-place.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { aQueuedJob } from '#test/support/an-open-job.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

const scheduleId = 'task:sales-report';
const fireTime = (seconds: number) => `${toIso(FIRE_TIME + seconds)}~0123456789ABCDEFGHJKMNPQRS`;

const settled = (seconds: number): SweptRow => ({
  key: { scheduleId, fireTime: fireTime(seconds) },
});

/** A job that was submitted, and waits for its start. */
function queued(seconds: number): SweptRow {
  const { key } = settled(seconds);
  const start = aStart({ ...key, revision: 0, deliverBy: toIso(FIRE_TIME + seconds + 3_600) });
  return { key, open: aQueuedJob(start, { key, deliverBy: FIRE_TIME + seconds + 3_600 }) };
}

function aWorld(rows: readonly SweptRow[], place?: TaskPlace) {
  const sent: QueuedMessage[] = [];
  const places: TaskPlace[] = [];
  const found: string[] = [];
  const ports: SweepSubmittedPorts = {
    now: () => FIRE_TIME + 400,
    isAdopted: () => false,
    jobs: { ...new MemoryJobStore(), get: async () => undefined },
    payloads: { getUnsettled: async () => undefined, deleteUnsettled: async () => undefined },
    queue: { send: async (message) => void sent.push(message) },
    rows: {
      find: async (key) => {
        found.push(key.fireTime);
        return rows.find((row) => row.key.fireTime === key.fireTime);
      },
      between: async (_, { from, to }) => ({
        rows: rows.filter(
          ({ key }) => key.fireTime >= toIso(from) && key.fireTime <= `${toIso(to)}~~`,
        ),
        to,
      }),
    },
    store: {
      readTaskPlace: async () => place,
      writeTaskPlace: async (_, next) => void places.push(next),
    },
  };
  return { ports, sent, places, found };
}

describe('sweepSubmitted', () => {
  it('sends the start again of a job that has waited for five minutes, and remembers the job', async () => {
    const { ports, sent, places } = aWorld([settled(0), queued(10), queued(390)]);

    expect(await sweepSubmitted('sales-report', ports)).toEqual(['resent']);

    expect(sent).toMatchObject([{ kind: 'start', start: { fireTime: fireTime(10) } }]);
    expect(places).toEqual([{ sweptTo: FIRE_TIME + 101, open: [fireTime(10)] }]);
  });

  it('looks at the jobs again that were open, wherever the place is by now', async () => {
    const place = { sweptTo: FIRE_TIME + 90, open: [fireTime(1), fireTime(2)] };
    const { ports, sent, places, found } = aWorld([queued(1), settled(2)], place);

    await sweepSubmitted('sales-report', ports);

    expect(found).toEqual([fireTime(1), fireTime(2)]);
    expect(sent).toMatchObject([{ start: { fireTime: fireTime(1) } }]);
    expect(places).toEqual([{ sweptTo: FIRE_TIME + 90, open: [fireTime(1)] }]);
  });

  it('writes nothing where nothing has come', async () => {
    const { ports, places } = aWorld([], { sweptTo: FIRE_TIME - 5_000, open: [] });

    expect(await sweepSubmitted('sales-report', ports)).toEqual([]);

    expect(places).toEqual([]);
  });
});

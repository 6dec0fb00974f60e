import { describe, expect, it } from 'vitest';
import { takeLetter } from '#functions/settle-undelivered/take-letter.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import type { SettleUndeliveredPorts } from '#shared/runner/settle-undelivered.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { aRecord } from '#test/support/dead-letters.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

const STEP = {
  kind: 'backfill',
  scheduleId: 'daily-sales',
  errandId: '01KAQXVA90000000000000000A',
  version: 3,
  mark: '01KAQXVA90000000000000000B',
};

describe('the dead letter of a step of a backfill', () => {
  it.each([
    ['the starts queue', { ...STEP, notBefore: 7 }],
    [
      'a failed invocation',
      { requestContext: { condition: 'RetriesExhausted' }, requestPayload: STEP },
    ],
  ])('from %s has the same step done again in a minute', async (_, body) => {
    const sent: QueuedMessage[] = [];
    const jobs = new MemoryJobStore();
    const ports: SettleUndeliveredPorts = {
      now: () => FIRE_TIME,
      jobs: { ...jobs, get: async () => undefined },
      payloads: { getUnsettled: async () => undefined, deleteUnsettled: async () => {} },
      queue: { send: async (message) => void sent.push(message) },
      lookAgain: async () => {},
    };

    expect(await takeLetter(aRecord(body), ports)).toBe('sent-back');

    expect(sent).toEqual([{ ...STEP, notBefore: FIRE_TIME + 60 }]);
    expect(jobs.writes).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { takeLetter } from '#functions/settle-undelivered/take-letter.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import type { SettleUndeliveredPorts } from '#shared/runner/settle-undelivered.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { aRecord } from '#test/support/dead-letters.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

const ADVANCE = { kind: 'advance', scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };

async function take(body: unknown, now: number) {
  const sent: QueuedMessage[] = [];
  const jobs = new MemoryJobStore();
  const ports: SettleUndeliveredPorts = {
    now: () => now,
    jobs: { ...jobs, get: async () => undefined },
    payloads: { getUnsettled: async () => undefined, deleteUnsettled: async () => {} },
    queue: { send: async (message) => void sent.push(message) },
    lookAgain: async () => {},
  };
  return { end: await takeLetter(aRecord(body), ports), sent, writes: jobs.writes };
}

describe('the dead letter of a planned schedule’s fire time', () => {
  it.each([
    ['EventBridge', ADVANCE],
    ['the starts queue', { ...ADVANCE, notBefore: 7 }],
    [
      'a failed invocation',
      { requestContext: { condition: 'RetriesExhausted' }, requestPayload: ADVANCE },
    ],
  ])('from %s has it told again, and starts nothing itself', async (_, body) => {
    expect(await take(body, FIRE_TIME + 40)).toEqual({
      end: 'sent-back',
      sent: [{ ...ADVANCE, notBefore: FIRE_TIME + 60 }],
      writes: [],
    });
  });

  it('is left to the sweep once that sees to it', async () => {
    expect(await take(ADVANCE, FIRE_TIME + 590)).toEqual({
      end: 'left-to-sweep',
      sent: [],
      writes: [],
    });
  });
});

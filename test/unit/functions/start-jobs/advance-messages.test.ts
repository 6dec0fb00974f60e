import { describe, expect, it } from 'vitest';
import { readMessage } from '#functions/start-jobs/read-message.ts';
import { startJobs } from '#functions/start-jobs/start-jobs.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const MESSAGE = {
  kind: 'advance',
  scheduleId: 'daily-sales',
  fireTime: '2026-11-23T09:00:00Z',
  notBefore: FIRE_TIME,
} as const;

async function takeAt(now: number) {
  const sent: QueuedMessage[] = [];
  const advanced: Advance[] = [];
  const done = await startJobs(readMessage({ ...MESSAGE }), {
    now: () => now,
    queue: { send: async (message) => void sent.push(message) },
    tasks: { invoke: async () => {} },
    advancer: { invoke: async (advance) => void advanced.push(advance) },
    audits: { invoke: async () => {} },
    errands: { invoke: async () => {} },
    schedules: new MemoryScheduleStore(),
  });
  return { done, sent, advanced };
}

describe('a planned schedule’s fire time on the starts queue', () => {
  it('is handed to advance-schedule once it has come', async () => {
    expect(await takeAt(FIRE_TIME)).toEqual({ done: 'advanced', sent: [], advanced: [MESSAGE] });
  });

  it('is sent on before', async () => {
    expect(await takeAt(FIRE_TIME - 1)).toEqual({
      done: 'sent-on',
      sent: [MESSAGE],
      advanced: [],
    });
  });

  it.each([{ fireTime: 'soon' }, { scheduleId: 7 }, { notBefore: undefined }])(
    'is refused with %j',
    (changes) => {
      expect(() => readMessage({ ...MESSAGE, ...changes })).toThrow('Expected a message');
    },
  );
});

import { describe, expect, it } from 'vitest';
import { readMessage } from '#functions/start-jobs/read-message.ts';
import { startJobs } from '#functions/start-jobs/start-jobs.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

function aWorld() {
  const sent: QueuedMessage[] = [];
  const invoked: Start[] = [];
  const audited: string[] = [];
  const stepped: ErrandMessage[] = [];
  const schedules = new MemoryScheduleStore();
  const ports = {
    now: () => FIRE_TIME,
    queue: { send: async (message: QueuedMessage) => void sent.push(message) },
    tasks: { invoke: async (start: Start) => void invoked.push(start) },
    advancer: { invoke: async () => {} },
    audits: { invoke: async (auditId: string) => void audited.push(auditId) },
    errands: { invoke: async (message: ErrandMessage) => void stepped.push(message) },
    schedules,
  };
  return { sent, invoked, audited, stepped, schedules, ports };
}

const start = aStart();
const project: QueuedMessage = {
  kind: 'project',
  notBefore: FIRE_TIME,
  scheduleId: 'daily-sales',
  generation: 1,
};

describe('startJobs', () => {
  it('hands a start that is due to its task', async () => {
    const { ports, invoked } = aWorld();

    const done = await startJobs({ kind: 'start', notBefore: FIRE_TIME, start }, ports);

    expect(done).toBe('started');
    expect(invoked).toEqual([start]);
  });

  it.each([
    { kind: 'start' as const, notBefore: FIRE_TIME + 1, start },
    { ...project, notBefore: FIRE_TIME + 1 },
  ])('sends a $kind message on that is early', async (message) => {
    const { ports, sent, invoked } = aWorld();

    const done = await startJobs(message, ports);

    expect(done).toBe('sent-on');
    expect(sent).toEqual([message]);
    expect(invoked).toEqual([]);
  });

  it('hands a step of a backfill that is due to run-backfill, and sends on one that is early', async () => {
    const { ports, sent, stepped } = aWorld();
    const step = readMessage({
      kind: 'backfill',
      scheduleId: 'daily-sales',
      errandId: '01KAQXVA90000000000000000A',
      version: 3,
      mark: '01KAQXVA90000000000000000B',
      notBefore: FIRE_TIME,
    });

    expect(await startJobs(step, ports)).toBe('stepped');
    expect(await startJobs({ ...step, notBefore: FIRE_TIME + 1 }, ports)).toBe('sent-on');

    expect(stepped).toEqual([step]);
    expect(sent).toEqual([{ ...step, notBefore: FIRE_TIME + 1 }]);
  });

  it('wakes a schedule that failed, and keeps count of its tries', async () => {
    const { ports, schedules } = aWorld();
    const error = { code: 'ThrottlingException', message: '', attempts: 3 };
    schedules.put(aSchedule({}, { sync: { state: 'failed', generation: 1, at: 0, error } }));

    const done = await startJobs(project, ports);

    expect(done).toBe('woken');
    expect(schedules.states.get('daily-sales')?.sync).toEqual({
      state: 'pending',
      generation: 1,
      at: FIRE_TIME,
      error,
    });
  });

  it('leaves a schedule alone that has got through meanwhile', async () => {
    const { ports, schedules } = aWorld();
    schedules.put(aSchedule());

    expect(await startJobs(project, ports)).toBe('superseded');
  });

  it('hands an audit on, and one that is early back to the queue', async () => {
    const { ports, audited, sent } = aWorld();
    const audit = { kind: 'audit', auditId: '2026-11-23', notBefore: FIRE_TIME } as const;

    expect(await startJobs(readMessage({ ...audit }), ports)).toBe('audited');
    expect(await startJobs({ ...audit, notBefore: FIRE_TIME + 1 }, ports)).toBe('sent-on');

    expect(audited).toEqual(['2026-11-23']);
    expect(sent).toEqual([{ ...audit, notBefore: FIRE_TIME + 1 }]);
  });

  it('fails where the task does not take the start', async () => {
    const { ports } = aWorld();
    const tasks = { invoke: () => Promise.reject(new Error('Rate exceeded')) };

    const starting = startJobs({ kind: 'start', notBefore: 0, start }, { ...ports, tasks });

    await expect(starting).rejects.toThrow('Rate exceeded');
  });
});

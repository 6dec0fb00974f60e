import { beforeEach, describe, expect, it } from 'vitest';
import { projectSchedule } from '#functions/project-schedules/project-schedules.ts';
import { startJobs } from '#functions/start-jobs/start-jobs.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { EventBridge, ProjectionResult } from '#shared/ports/event-bridge.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aDefinition, aSchedule, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

/** EventBridge in memory, which refuses as often as it is told to. */
class MemoryEventBridge implements EventBridge {
  readonly copies = new Map<string, ProjectedSchedule>();
  readonly calls: string[] = [];
  readonly refusals: string[] = [];
  /** Happens before a call is answered. */
  meanwhile: () => Promise<void> = async () => {};

  apply: EventBridge['apply'] = async (schedule) => {
    const result = await this.#answer(`apply ${schedule.expression}`);
    if (result.kind === 'applied') this.copies.set(schedule.name, schedule);
    return result;
  };

  remove: EventBridge['remove'] = async (name) => {
    const result = await this.#answer('remove');
    if (result.kind === 'applied') this.copies.delete(name);
    return result;
  };

  async #answer(call: string): Promise<ProjectionResult> {
    this.calls.push(call);
    const { meanwhile } = this;
    this.meanwhile = async () => {};
    await meanwhile();
    const code = this.refusals.shift();
    return code === undefined
      ? { kind: 'applied' }
      : { kind: 'refused', code, message: 'The execution role you provide must allow…' };
  }
}

let now: number;
let schedules: MemoryScheduleStore;
let eventBridge: MemoryEventBridge;
let sent: QueuedMessage[];

beforeEach(() => {
  now = FIRE_TIME + 2;
  schedules = new MemoryScheduleStore();
  eventBridge = new MemoryEventBridge();
  sent = [];
});

const queue = { send: async (message: QueuedMessage) => void sent.push(message) };
const project = () =>
  projectSchedule('daily-sales', { now: () => now, schedules, eventBridge, queue });
const stateNow = () => schedules.states.get('daily-sales');

/** Nothing but schedules that wait goes through the queue here. */
const NOBODY = {
  tasks: { invoke: async () => {} },
  advancer: { invoke: async () => {} },
  audits: { invoke: async () => {} },
  errands: { invoke: async () => {} },
};

const pendingAt = (generation: number) => ({
  generation,
  changedAt: FIRE_TIME,
  sync: { state: 'pending' as const, generation, at: FIRE_TIME },
});
const cron = (expression: string) => ({ trigger: { kind: 'cron', expression, timeZone: 'UTC' } });
const DAILY = cron('cron(0 9 * * ? *)');
const HOURLY = cron('cron(0 * * * ? *)');
const EVERY_MINUTE = cron('cron(* * * * ? *)');

describe('projectSchedule', () => {
  it('makes EventBridge equal to a schedule, and notes it', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(3)));

    await project();

    expect(eventBridge.copies.get('daily-sales')?.expression).toBe('cron(0 9 * * ? *)');
    expect(stateNow()?.sync).toEqual({ state: 'active', generation: 3, at: FIRE_TIME + 2 });
    expect(sent).toEqual([]);
  });

  it('sends the starts that EventBridge may have missed', async () => {
    schedules.put(aSchedule(EVERY_MINUTE, pendingAt(1)));

    await project();

    expect(sent).toMatchObject([
      { kind: 'start', notBefore: FIRE_TIME + 150, start: { fireTime: '2026-11-23T09:01:00Z' } },
    ]);
  });

  it('has EventBridge hold nothing once nothing is left to fire', async () => {
    schedules.put(
      aSchedule({ trigger: { kind: 'once', at: '2026-11-23T09:00:01Z' } }, pendingAt(1)),
    );

    await project();

    expect(eventBridge.calls).toEqual(['remove']);
    expect(stateNow()?.sync.state).toBe('completed');
    expect(sent).toMatchObject([{ start: { fireTime: '2026-11-23T09:00:01Z' } }]);
  });

  it.each(['active', 'failed', 'completed'] as const)(
    'leaves a schedule alone that is %s',
    async (state) => {
      schedules.put(aSchedule(DAILY, { sync: { state, generation: 1, at: FIRE_TIME } }));

      await project();

      expect(eventBridge.calls).toEqual([]);
    },
  );

  it('leaves an id alone that nobody has', async () => {
    await project();

    expect(eventBridge.calls).toEqual([]);
  });
});

describe('a refusal', () => {
  beforeEach(() => {
    schedules.put(aSchedule(EVERY_MINUTE, pendingAt(4)));
    eventBridge.refusals.push('ValidationException', 'ValidationException');
  });

  it('is noted, retried through the queue, and over once EventBridge takes the schedule', async () => {
    const ports = { now: () => now, queue, schedules, ...NOBODY };
    const retry = async () => {
      const message = sent.pop();
      now = message?.notBefore ?? 0;
      return message && startJobs(message, ports);
    };

    await project();
    expect(stateNow()?.sync).toEqual({
      state: 'failed',
      generation: 4,
      at: FIRE_TIME + 2,
      error: {
        code: 'ValidationException',
        message: 'The execution role you provide must allow…',
        attempts: 1,
        retryAt: FIRE_TIME + 7,
      },
    });
    expect(sent).toEqual([
      { kind: 'project', scheduleId: 'daily-sales', generation: 4, notBefore: FIRE_TIME + 7 },
    ]);

    expect(await retry()).toBe('woken');
    await project();
    expect(stateNow()?.sync.error).toMatchObject({ attempts: 2, retryAt: FIRE_TIME + 17 });

    expect(await retry()).toBe('woken');
    await project();
    expect(stateNow()?.sync).toEqual({ state: 'active', generation: 4, at: FIRE_TIME + 17 });
    expect(sent.map(({ kind }) => kind)).toEqual(['start']);
  });

  it('is not retried where the schedule was written since, which wakes it anyway', async () => {
    await project();
    schedules.put(aSchedule(HOURLY, pendingAt(5)));
    const [message] = sent;

    const ports = { now: () => now + 60, queue, schedules, ...NOBODY };
    const done = message && (await startJobs(message, ports));

    expect(done).toBe('superseded');
  });

  it('is given up after a hundred tries', async () => {
    const error = { code: 'ValidationException', message: '', attempts: 99 };
    schedules.put(
      aSchedule(DAILY, { sync: { state: 'pending', generation: 1, at: FIRE_TIME, error } }),
    );

    await project();

    expect(stateNow()?.sync.error).toEqual({
      code: 'ValidationException',
      message: 'The execution role you provide must allow…',
      attempts: 100,
    });
    expect(sent).toEqual([]);
  });

  it('is how a trigger ends that EventBridge cannot hold any more; it stops nobody', async () => {
    schedules.put(aSchedule({ trigger: { kind: 'interval', every: '7m' } }, pendingAt(1)));

    await project();

    expect(eventBridge.calls).toEqual([]);
    expect(stateNow()?.sync).toMatchObject({
      state: 'failed',
      error: { code: 'trigger.invalid', message: expect.stringContaining('fits no UTC cron') },
    });
  });
});

describe('a schedule that changes while it is projected', () => {
  it('is projected again as it is now', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    eventBridge.meanwhile = async () => schedules.put(aSchedule(HOURLY, pendingAt(2)));

    await project();

    expect(eventBridge.calls).toEqual(['apply cron(0 9 * * ? *)', 'apply cron(0 * * * ? *)']);
    expect(stateNow()?.sync).toMatchObject({ state: 'active', generation: 2 });
  });

  it('is put right where another projected the newer state first', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    eventBridge.meanwhile = async () => {
      schedules.put(aSchedule(HOURLY, pendingAt(2)));
      await project();
    };

    await project();

    expect(eventBridge.copies.get('daily-sales')?.expression).toBe('cron(0 * * * ? *)');
    expect(stateNow()?.sync).toMatchObject({ state: 'active', generation: 2 });
  });

  it('is removed where it was deleted meanwhile', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    eventBridge.meanwhile = async () => {
      const tombstone = aState({ ...pendingAt(2), deletedAt: FIRE_TIME });
      await schedules.bury(tombstone, { generation: 1, replaced: aDefinition() });
    };

    await project();

    expect(eventBridge.copies.size).toBe(0);
    expect(stateNow()?.sync).toMatchObject({ state: 'completed', generation: 2 });
  });

  it('is projected again where EventBridge refused what it was', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    eventBridge.refusals.push('ConflictException');
    eventBridge.meanwhile = async () => schedules.put(aSchedule(HOURLY, pendingAt(2)));

    await project();

    expect(stateNow()?.sync).toMatchObject({ state: 'active', generation: 2 });
  });

  it('is given back to the stream where it does not come to rest', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    let generation = 1;
    const change = async () => {
      generation += 1;
      schedules.put(aSchedule(DAILY, pendingAt(generation)));
      eventBridge.meanwhile = change;
    };
    eventBridge.meanwhile = change;

    await expect(project()).rejects.toThrow('5 rounds');
  });

  it('is delivered again after a crash, and converges', async () => {
    schedules.put(aSchedule(EVERY_MINUTE, pendingAt(1)));
    const { writeSync } = schedules;
    schedules.writeSync = () => Promise.reject(new Error('the connection is gone'));

    await expect(project()).rejects.toThrow('gone');
    expect(stateNow()?.sync.state).toBe('pending');
    schedules.writeSync = writeSync;
    await project();

    expect(stateNow()?.sync.state).toBe('active');
    expect(sent).toHaveLength(2);
  });
});

describe('a tombstone', () => {
  const tombstone = aState({ ...pendingAt(2), deletedAt: FIRE_TIME });

  it('has EventBridge forget the schedule, and leaves after the delivery window', async () => {
    schedules.states.set('daily-sales', tombstone);

    await project();

    expect(eventBridge.calls).toEqual(['remove']);
    expect(stateNow()?.sync.state).toBe('completed');
    expect(schedules.leaving.get('daily-sales')).toBe(FIRE_TIME + 2 + 90_000);
  });

  it('stays, and is tried again, where EventBridge refuses', async () => {
    schedules.states.set('daily-sales', tombstone);
    eventBridge.refusals.push('ThrottlingException');

    await project();

    expect(stateNow()?.sync.state).toBe('failed');
    expect(schedules.leaving.size).toBe(0);
    expect(sent).toMatchObject([{ kind: 'project', generation: 2 }]);
  });

  it('gives way to a schedule created anew while EventBridge still has the old copy', async () => {
    schedules.put(aSchedule(DAILY, pendingAt(1)));
    await project();
    schedules.put(aSchedule(HOURLY, { ...pendingAt(3), revision: 2 }));

    await project();

    expect(eventBridge.copies.get('daily-sales')?.expression).toBe('cron(0 * * * ? *)');
    expect(stateNow()).toMatchObject({ generation: 3, sync: { state: 'active' } });
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { projectSchedule } from '#functions/project-schedules/project-schedules.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { Pause } from '#shared/domain/schedule/pause.ts';
import type { EventBridge } from '#shared/ports/event-bridge.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const NOW = FIRE_TIME + 10;
const EVERY_MINUTE = {
  trigger: { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' },
};

let copies: Map<string, ProjectedSchedule>;
let schedules: MemoryScheduleStore;
let sent: QueuedMessage[];

beforeEach(() => {
  copies = new Map();
  schedules = new MemoryScheduleStore();
  sent = [];
});

const eventBridge: EventBridge = {
  apply: async (schedule) => {
    copies.set(schedule.name, schedule);
    return { kind: 'applied' };
  },
  remove: async (name) => {
    copies.delete(name);
    return { kind: 'applied' };
  },
};
const pausedState = (pause: Partial<Pause> = {}) => ({
  changedAt: NOW,
  sync: { state: 'pending' as const, generation: 1, at: NOW },
  paused: { by: 'ada', since: NOW, ...pause },
});
const project = async (schedule: ReturnType<typeof aSchedule>) => {
  schedules.put(schedule);
  const queue = { send: async (message: QueuedMessage) => void sent.push(message) };
  await projectSchedule('daily-sales', { now: () => NOW, schedules, eventBridge, queue });
  return schedules.states.get('daily-sales')?.sync.state;
};

describe('projectSchedule of a paused schedule', () => {
  it('keeps the copy of a native one, switched off, and starts nothing by the queue', async () => {
    const reached = await project(aSchedule(EVERY_MINUTE, pausedState()));

    expect(reached).toBe('active');
    expect(copies.get('daily-sales')).toMatchObject({
      expression: 'cron(* * * * ? *)',
      isPaused: true,
    });
    expect(sent).toEqual([]);
  });

  it('lets the copy of one that is paused for a time begin at its end', async () => {
    const until = FIRE_TIME + 3_600;

    await project(aSchedule(EVERY_MINUTE, pausedState({ until })));

    expect(copies.get('daily-sales')).toMatchObject({ startDate: until });
    expect(copies.get('daily-sales')).not.toHaveProperty('isPaused');
    expect(sent).toEqual([]);
  });

  it('sends the starts of a pause that ends within seconds', async () => {
    await project(aSchedule(EVERY_MINUTE, pausedState({ until: FIRE_TIME + 70 })));

    // The fire time at 09:01 is left out; EventBridge has what comes later than 90 s from now.
    expect(sent).toEqual([]);
    await project(aSchedule(EVERY_MINUTE, pausedState({ until: FIRE_TIME + 60 })));
    expect(sent).toMatchObject([{ start: { fireTime: '2026-11-23T09:01:00Z' } }]);
  });

  it('goes on with the copy as it was once the pause has ended by itself', async () => {
    await project(aSchedule(EVERY_MINUTE, pausedState({ since: 1, until: FIRE_TIME })));

    expect(copies.get('daily-sales')).not.toHaveProperty('startDate');
    expect(copies.get('daily-sales')).not.toHaveProperty('isPaused');
  });

  it('has no copy of one whose fire times all lie within the pause, which is not its end', async () => {
    const once = { trigger: { kind: 'once', at: '2026-11-23T10:00:00Z', timeZone: 'UTC' } };

    const reached = await project(aSchedule(once, pausedState({ until: FIRE_TIME + 7_200 })));

    expect(reached).toBe('active');
    expect(copies.size).toBe(0);
  });

  it('holds no at() of a planned one', async () => {
    copies.set('daily-sales', { ...aCopy(), name: 'daily-sales' });

    const reached = await project(
      aSchedule(EVERY_MINUTE, { ...pausedState(), plan: { started: 4 } }),
    );

    expect(reached).toBe('active');
    expect(copies.size).toBe(0);
    expect(sent).toEqual([]);
  });
});

function aCopy(): ProjectedSchedule {
  return {
    name: 'x',
    expression: 'at(2026-11-23T10:00:00)',
    timeZone: 'UTC',
    input: '{}',
    maximumEventAgeSeconds: 60,
  };
}

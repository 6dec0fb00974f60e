import { describe, expect, it } from 'vitest';
import { projectSchedule } from '#functions/project-schedules/project-schedules.ts';
import type { EventBridge } from '#shared/ports/event-bridge.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const TRIGGER = { kind: 'after', schedule: 'other' };

describe('projectSchedule of a schedule that another starts', () => {
  it.each([
    ['', {}],
    [' while it is paused', { paused: { by: 'ada', since: FIRE_TIME } }],
  ])('takes away the copy that it had before, and leaves it active%s', async (_, state) => {
    const schedules = new MemoryScheduleStore();
    const calls: string[] = [];
    const eventBridge: EventBridge = {
      apply: async ({ name }) => {
        calls.push(`apply ${name}`);
        return { kind: 'applied' };
      },
      remove: async (name) => {
        calls.push(`remove ${name}`);
        return { kind: 'applied' };
      },
    };
    const sync = { state: 'pending', generation: 1, at: FIRE_TIME } as const;
    schedules.put(aSchedule({ trigger: TRIGGER }, { sync, ...state }));
    const queue = { send: () => Promise.reject(new Error('Expected nothing to be sent.')) };

    await projectSchedule('daily-sales', { now: () => FIRE_TIME, schedules, eventBridge, queue });

    expect(calls).toEqual(['remove daily-sales']);
    expect(schedules.states.get('daily-sales')?.sync).toMatchObject({ state: 'active' });
  });
});

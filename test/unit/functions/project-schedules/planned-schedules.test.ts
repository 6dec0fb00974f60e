import { beforeEach, describe, expect, it } from 'vitest';
import { projectSchedule } from '#functions/project-schedules/project-schedules.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const NOW = FIRE_TIME - 3_600;
const EVERY_SEVEN = { kind: 'interval', every: 'PT7M', startAt: '2026-11-23T09:00:00Z' };

let schedules: MemoryScheduleStore;
let calls: string[];
let sent: QueuedMessage[];

beforeEach(() => {
  schedules = new MemoryScheduleStore();
  calls = [];
  sent = [];
});

/** Projects a schedule whose plan stands so. */
async function project(plan: Plan): Promise<void> {
  const sync = { state: 'pending', generation: 2, at: NOW } as const;
  schedules.put(
    aSchedule({ trigger: EVERY_SEVEN }, { generation: 2, changedAt: NOW - 60, sync, plan }),
  );
  await projectSchedule('daily-sales', {
    now: () => NOW,
    schedules,
    eventBridge: {
      apply: async ({ expression, task }) => {
        calls.push(`apply ${expression} for ${task ?? 'advance-schedule'}`);
        return { kind: 'applied' };
      },
      remove: async () => {
        calls.push('remove');
        return { kind: 'applied' };
      },
    },
    queue: { send: async (message) => void sent.push(message) },
  });
}

const syncNow = () => schedules.states.get('daily-sales')?.sync.state;

describe('projectSchedule, of a planned schedule', () => {
  it('has EventBridge call advance-schedule at the next fire time, and sends nothing', async () => {
    await project({ nextFireTime: FIRE_TIME, started: 0 });

    expect(calls).toEqual(['apply at(2026-11-23T09:00:00) for advance-schedule']);
    expect(sent).toEqual([]);
    expect(syncNow()).toBe('active');
  });

  it.each([89, -300])(
    'leaves a fire time %i s away to the starts queue, and no copy that fires on',
    async (seconds) => {
      await project({ nextFireTime: NOW + seconds, started: 0 });

      expect(calls).toEqual(['remove']);
      expect(sent).toMatchObject([
        { kind: 'advance', scheduleId: 'daily-sales', notBefore: NOW + seconds },
      ]);
      expect(syncNow()).toBe('active');
    },
  );

  it('leaves nothing at the end, and notes that it is completed', async () => {
    await project({ started: 3 });

    expect(calls).toEqual(['remove']);
    expect(sent).toEqual([]);
    expect(syncNow()).toBe('completed');
  });
});

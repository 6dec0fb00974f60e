import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlanStore } from '#shared/adapters/dynamodb/plan-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { Plan } from '#shared/domain/schedule/schedule.ts';
import type { PlanStore } from '#shared/ports/plan-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let schedules: ScheduleStore;
let plans: PlanStore;

beforeAll(async () => {
  tables = await serveScheduleTables();
  schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
  plans = createPlanStore(tables.client, SCHEDULES_TABLE);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const LATER: Plan = { nextFireTime: FIRE_TIME + 420, started: 1 };

async function aPlanned(scheduleId: string) {
  const plan = { nextFireTime: FIRE_TIME, started: 0 };
  await schedules.write(aSchedule({ scheduleId }, { plan, generation: 3 }), {
    generation: undefined,
  });
  return {
    fence: { scheduleId, generation: 3, fireTime: FIRE_TIME },
    stateOf: async () => (await schedules.read(scheduleId)).state,
  };
}

describe('a plan in the table', () => {
  it('moves once, and has EventBridge follow', async () => {
    const { fence, stateOf } = await aPlanned('moves');

    expect(await plans.move(fence, LATER, FIRE_TIME + 1)).toBe(true);
    expect(await plans.move(fence, LATER, FIRE_TIME + 2)).toBe(false);

    expect(await stateOf()).toMatchObject({
      plan: LATER,
      generation: 4,
      sync: { state: 'pending', generation: 4, at: FIRE_TIME + 1 },
    });
  });

  it('does not move where the schedule was written since, or its plan is elsewhere', async () => {
    const { fence, stateOf } = await aPlanned('stays');

    expect(await plans.move({ ...fence, generation: 2 }, LATER, FIRE_TIME)).toBe(false);
    expect(await plans.move({ ...fence, fireTime: FIRE_TIME + 1 }, LATER, FIRE_TIME)).toBe(false);
    expect(await plans.move({ ...fence, scheduleId: 'nobody' }, LATER, FIRE_TIME)).toBe(false);

    expect(await stateOf()).toMatchObject({ generation: 3, plan: { nextFireTime: FIRE_TIME } });
  });

  it('is decided once, without a new generation, and decided anew once it has moved', async () => {
    const { fence, stateOf } = await aPlanned('decided');

    expect(await plans.noteDecision(fence, FIRE_TIME + 5)).toBe(true);
    expect(await plans.noteDecision(fence, FIRE_TIME + 9)).toBe(false);
    expect(await stateOf()).toMatchObject({ generation: 3, plan: { decidedAt: FIRE_TIME + 5 } });

    await plans.move(fence, LATER, FIRE_TIME + 10);
    expect((await stateOf())?.plan).toEqual(LATER);
  });

  it('ends without a next fire time', async () => {
    const { fence, stateOf } = await aPlanned('ends');

    await plans.move(fence, { started: 3 }, FIRE_TIME);

    expect((await stateOf())?.plan).toEqual({ started: 3 });
  });

  it('that the table does not take is a store that is unavailable', async () => {
    const elsewhere = createPlanStore(tables.client, 'NoSuchTable');
    const fence = { scheduleId: 'x', generation: 1, fireTime: FIRE_TIME };

    await expect(elsewhere.move(fence, LATER, FIRE_TIME)).rejects.toBeInstanceOf(AlmanacError);
  });
});

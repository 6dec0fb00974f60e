import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
} from '#shared/domain/schedule/schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** Builds the definition of `daily-sales`, which fires every day at 09:00 UTC, created an hour before {@link FIRE_TIME}. */
export function aDefinition(changes: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return {
    scheduleId: 'daily-sales',
    task: 'sales-report',
    trigger: { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'UTC' },
    input: {},
    policy: { resultExpirationTime: 3_600 },
    metadata: {},
    revision: 1,
    anchorAt: FIRE_TIME - 3_600,
    createdAt: FIRE_TIME - 3_600,
    updatedAt: FIRE_TIME - 3_600,
    ...changes,
  };
}

/** Builds the state of a schedule that EventBridge has followed. */
export function aState(changes: Partial<ScheduleState> = {}): ScheduleState {
  const generation = changes.generation ?? 1;
  return {
    scheduleId: 'daily-sales',
    generation,
    sync: { state: 'active', generation, at: FIRE_TIME - 3_590 },
    changedAt: FIRE_TIME - 3_600,
    revision: 1,
    ...changes,
  };
}

/** Builds a schedule whose both parts have one id. */
export function aSchedule(
  definition: Partial<ScheduleDefinition> = {},
  state: Partial<ScheduleState> = {},
): StoredSchedule {
  const { scheduleId = 'daily-sales' } = definition;
  return { definition: aDefinition(definition), state: aState({ scheduleId, ...state }) };
}

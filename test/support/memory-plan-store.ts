import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import type { PlanFence, PlanStore } from '#shared/ports/plan-store.ts';
import type { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

/** The plans of schedules in memory, with the table's promise alone: each write is conditional and happens at once or not at all. */
export class MemoryPlanStore implements PlanStore {
  readonly #schedules: MemoryScheduleStore;

  constructor(schedules: MemoryScheduleStore) {
    this.#schedules = schedules;
  }

  noteDecision: PlanStore['noteDecision'] = async (fence, decidedAt) => {
    const state = this.#standing(fence);
    if (!state?.plan || state.plan.decidedAt !== undefined) return false;
    this.#schedules.states.set(fence.scheduleId, { ...state, plan: { ...state.plan, decidedAt } });
    return true;
  };

  move: PlanStore['move'] = async (fence, plan, at) => {
    const state = this.#standing(fence);
    if (!state) return false;
    const generation = fence.generation + 1;
    const sync = { state: 'pending', generation, at } as const;
    this.#schedules.states.set(fence.scheduleId, { ...state, plan, generation, sync });
    return true;
  };

  #standing({ scheduleId, generation, fireTime }: PlanFence): ScheduleState | undefined {
    const state = this.#schedules.states.get(scheduleId);
    return state?.generation === generation && state.plan?.nextFireTime === fireTime
      ? state
      : undefined;
  }
}

import * as z from 'zod';
import { ScheduleDefinition } from '#local/services/scheduler/define-schedule.ts';
import { Progress } from '#local/services/scheduler/plan-firing.ts';
import { type Tag, TagMember } from '#local/services/scheduler/schedule-members.ts';
import { DEFAULT_GROUP } from '#local/services/scheduler/scheduler-arns.ts';
import type { Collection, State } from '#local/state.ts';

const StoredSchedule = z.object({
  definition: ScheduleDefinition,
  createdMs: z.number(),
  modifiedMs: z.number(),
});

/** A schedule with its times, in epoch milliseconds, and how far it has come. */
export interface KeptSchedule extends z.infer<typeof StoredSchedule> {
  readonly progress: Progress;
}

const StoredGroup = z.object({
  name: z.string(),
  createdMs: z.number(),
  modifiedMs: z.number(),
  tags: z.array(TagMember),
});

/** A schedule group, its times in epoch milliseconds. */
export type KeptGroup = z.infer<typeof StoredGroup> & { readonly tags: readonly Tag[] };

/** Names a schedule among all: neither part can hold a slash. */
export function scheduleKey(group: string, name: string): string {
  return `${group}/${name}`;
}

/** Schedules and groups, in memory for speed and written through to the state. */
export class ScheduleStore {
  readonly #schedules = new Map<string, KeptSchedule>();
  readonly #groups = new Map<string, KeptGroup>();
  readonly #storedSchedules: Collection;
  readonly #storedProgress: Collection;
  readonly #storedGroups: Collection;
  #order: readonly string[] | undefined;

  /** Reads what the state holds, and makes the default group where there is none. */
  constructor(state: State, nowMs: number) {
    this.#storedSchedules = state.collection('scheduler-schedules');
    this.#storedProgress = state.collection('scheduler-progress');
    this.#storedGroups = state.collection('scheduler-groups');
    for (const [, value] of this.#storedGroups.entries()) {
      const group = StoredGroup.parse(value);
      this.#groups.set(group.name, group);
    }
    for (const [key, value] of this.#storedSchedules.entries()) {
      const progress = Progress.parse(this.#storedProgress.get(key));
      this.#schedules.set(key, { ...StoredSchedule.parse(value), progress });
    }
    if (!this.#groups.has(DEFAULT_GROUP))
      this.putGroup({ name: DEFAULT_GROUP, createdMs: nowMs, modifiedMs: nowMs, tags: [] });
  }

  get(key: string): KeptSchedule | undefined {
    return this.#schedules.get(key);
  }

  put(key: string, schedule: KeptSchedule): void {
    if (!this.#schedules.has(key)) this.#order = undefined;
    this.#schedules.set(key, schedule);
    const { progress, ...stored } = schedule;
    // The progress comes first: a schedule without one could not be read back.
    this.#storedProgress.set(key, progress);
    this.#storedSchedules.set(key, stored);
  }

  /** Moves a schedule on; writes no more than that, since every firing does it. */
  putProgress(key: string, progress: Progress): void {
    const schedule = this.#schedules.get(key);
    if (!schedule) return;
    this.#schedules.set(key, { ...schedule, progress });
    this.#storedProgress.set(key, progress);
  }

  delete(key: string): void {
    this.#order = undefined;
    this.#schedules.delete(key);
    this.#storedSchedules.delete(key);
    this.#storedProgress.delete(key);
  }

  /** All schedules in order of group, then name. */
  schedules(): readonly (readonly [key: string, schedule: KeptSchedule])[] {
    // Sorted once for all the pages of a list.
    this.#order ??= [...this.#schedules.keys()].sort();
    return this.#order.flatMap((key) => {
      const schedule = this.#schedules.get(key);
      return schedule ? [[key, schedule] as const] : [];
    });
  }

  group(name: string): KeptGroup | undefined {
    return this.#groups.get(name);
  }

  putGroup(group: KeptGroup): void {
    this.#groups.set(group.name, group);
    this.#storedGroups.set(group.name, group);
  }

  deleteGroup(name: string): void {
    this.#groups.delete(name);
    this.#storedGroups.delete(name);
  }

  /** All groups in order of their names. */
  groups(): readonly KeptGroup[] {
    return [...this.#groups.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

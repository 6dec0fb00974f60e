import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
} from '#shared/domain/schedule/schedule.ts';
import type { ScheduleParts, ScheduleStore } from '#shared/ports/schedule-store.ts';

/**
 * Refuses a key as DynamoDB does that is longer than its 2,048 bytes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function refuseLongKey(key: string): void {
  if (Buffer.byteLength(key) > 2_048)
    throw new AlmanacError('store.unavailable', 'Expected a key of at most 2,048 bytes.');
}

/** Schedules in memory, with the table's promise alone: each write is conditional and happens at once or not at all. */
export class MemoryScheduleStore implements ScheduleStore {
  readonly definitions = new Map<string, ScheduleDefinition>();
  readonly states = new Map<string, ScheduleState>();
  /** When TTL takes a tombstone. */
  readonly leaving = new Map<string, number>();
  /** How often anything was read. */
  reads = 0;

  read: ScheduleStore['read'] = async (scheduleId): Promise<ScheduleParts> => {
    this.reads += 1;
    refuseLongKey(scheduleId);
    const definition = this.definitions.get(scheduleId);
    const state = this.states.get(scheduleId);
    return { ...(definition && { definition }), ...(state && { state }) };
  };

  write: ScheduleStore['write'] = async ({ definition, state }, { generation }) => {
    if (this.states.get(state.scheduleId)?.generation !== generation) return false;
    this.put({ definition, state });
    return true;
  };

  writeState: ScheduleStore['writeState'] = async (state, { generation }) => {
    if (this.states.get(state.scheduleId)?.generation !== generation) return false;
    this.states.set(state.scheduleId, state);
    return true;
  };

  bury: ScheduleStore['bury'] = async (tombstone, { generation }) => {
    if (this.states.get(tombstone.scheduleId)?.generation !== generation) return false;
    this.definitions.delete(tombstone.scheduleId);
    this.states.set(tombstone.scheduleId, tombstone);
    return true;
  };

  writeSync: ScheduleStore['writeSync'] = async (scheduleId, sync, { leavesAt } = {}) => {
    const state = this.states.get(scheduleId);
    if (state?.generation !== sync.generation) return false;
    this.states.set(scheduleId, { ...state, sync });
    if (leavesAt !== undefined) this.leaving.set(scheduleId, leavesAt);
    return true;
  };

  wake: ScheduleStore['wake'] = async (scheduleId, generation, at) => {
    const state = this.states.get(scheduleId);
    if (state?.generation !== generation || state.sync.state !== 'failed') return false;
    this.states.set(scheduleId, { ...state, sync: { ...state.sync, state: 'pending', at } });
    return true;
  };

  list: ScheduleStore['list'] = async ({ limit, after = '' }) => {
    const ids = [...this.definitions.keys()].toSorted().filter((id) => id > after);
    const page = ids.slice(0, limit);
    const next = ids.length > limit ? page.at(-1) : undefined;
    const schedules = page.flatMap((id) => this.stored(id) ?? []);
    const cost = { requests: 2, itemsRead: 3 * page.length, readUnits: 2.5 };
    return { schedules, ...(next !== undefined && { next }), cost };
  };

  /** Puts a schedule there, whatever stands there. */
  put({ definition, state }: StoredSchedule): void {
    // As the table keeps it: as JSON.
    this.definitions.set(state.scheduleId, JSON.parse(JSON.stringify(definition)));
    this.states.set(state.scheduleId, state);
  }

  stored(scheduleId: string): StoredSchedule | undefined {
    const definition = this.definitions.get(scheduleId);
    const state = this.states.get(scheduleId);
    return definition && state && { definition, state };
  }
}

import { isDeepStrictEqual } from 'node:util';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type Edge, edgeChange } from '#shared/domain/schedule/edge.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
} from '#shared/domain/schedule/schedule.ts';
import type { ExpectedWrite, ScheduleParts, ScheduleStore } from '#shared/ports/schedule-store.ts';
import { MemoryLedgers } from '#test/support/memory-ledgers.ts';

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
  /** By the dependent's id. */
  readonly edges = new Map<string, Edge>();
  readonly ledgers = new MemoryLedgers();
  /** Happens before each write, as what another request does meanwhile. */
  beforeWrite: () => void = () => {};
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

  write: ScheduleStore['write'] = async ({ definition, state }, expected) => {
    this.beforeWrite();
    const { generation, replaced, moves = [] } = expected;
    if (this.states.get(state.scheduleId)?.generation !== generation) return false;
    if (replaced && !this.#isShareAsRead(replaced)) return false;
    if (!this.#isUpstreamAsRead(expected) || !this.ledgers.move(moves)) return false;
    this.put({ definition, state });
    this.#followEdges(replaced, definition);
    return true;
  };

  writeState: ScheduleStore['writeState'] = async (state, { generation }) => {
    if (this.states.get(state.scheduleId)?.generation !== generation) return false;
    this.states.set(state.scheduleId, state);
    return true;
  };

  bury: ScheduleStore['bury'] = async (tombstone, { generation, replaced, moves = [] }) => {
    this.beforeWrite();
    if (this.states.get(tombstone.scheduleId)?.generation !== generation) return false;
    if (!this.#isShareAsRead(replaced) || !this.ledgers.move(moves)) return false;
    this.#followEdges(replaced, undefined);
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

  noteAsked: ScheduleStore['noteAsked'] = async (scheduleId, at) => {
    const state = this.states.get(scheduleId);
    if (!state) return;
    const sweptTo = Math.min(state.sweptTo ?? at, at);
    this.states.set(scheduleId, { ...state, askedAt: at, sweptTo });
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

  #isShareAsRead({ scheduleId, share }: ScheduleDefinition): boolean {
    return this.definitions.get(scheduleId)?.share?.version === share?.version;
  }

  #isUpstreamAsRead({ upstream = [] }: ExpectedWrite): boolean {
    return upstream.every(({ scheduleId, trigger }) =>
      isDeepStrictEqual(this.definitions.get(scheduleId)?.trigger, trigger),
    );
  }

  #followEdges(
    before: ScheduleDefinition | undefined,
    after: ScheduleDefinition | undefined,
  ): void {
    const { put, removed } = edgeChange(before, after);
    if (removed) this.edges.delete(removed.dependentId);
    if (put) this.edges.set(put.dependentId, put);
  }

  stored(scheduleId: string): StoredSchedule | undefined {
    const definition = this.definitions.get(scheduleId);
    const state = this.states.get(scheduleId);
    return definition && state && { definition, state };
  }
}

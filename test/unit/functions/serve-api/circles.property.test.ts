import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSchedule,
  deleteSchedule,
  replaceSchedule,
} from '#functions/serve-api/write-schedule.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';
import { MemoryUsageReader } from '#test/support/memory-usage-reader.ts';

const anyId = fc.constantFrom('a', 'b', 'c', 'd', 'e');

/** A schedule is written to come after another, or to have fire times of its own, or is deleted. */
const anyWrite = fc.record({
  id: anyId,
  what: fc.oneof(
    { weight: 6, arbitrary: anyId.map((schedule) => ({ kind: 'after', schedule })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'interval', every: 'PT15M' }) },
    { weight: 1, arbitrary: fc.constant('delete' as const) },
  ),
});

type Write = typeof anyWrite extends fc.Arbitrary<infer Value> ? Value : never;

const OPTIONS = { now: FIRE_TIME, isDryRun: false };

/** @returns The code of a refusal. */
async function write(
  { id, what }: Write,
  schedules: MemoryScheduleStore,
): Promise<string | undefined> {
  const ports = {
    schedules,
    queue: { send: async () => {} },
    makeRedactionKey: async () => {},
    budgets: [],
    ledgers: schedules.ledgers,
    usage: new MemoryUsageReader(),
    region: 'us-east-1',
  };
  const draft = {
    id,
    task: 'anything',
    trigger: what === 'delete' ? {} : what,
    anchorAt: FIRE_TIME,
    calendars: {},
    input: {},
    policy: { resultExpirationTime: 0 },
    metadata: {},
  };
  const request = { scheduleId: id, draftOf: () => draft };
  try {
    if (what === 'delete') await deleteSchedule(request, OPTIONS, ports);
    else if (schedules.definitions.has(id)) await replaceSchedule(request, OPTIONS, ports);
    else await createSchedule(draft, OPTIONS, ports);
    return undefined;
  } catch (error) {
    if (error instanceof AlmanacError) return error.code;
    throw error;
  }
}

/** Walks upstream from each schedule, and names one that comes back to itself. */
function findCircle({ definitions }: MemoryScheduleStore): string | undefined {
  const upstreamOf = (id: string) => {
    const definition = definitions.get(id);
    return definition && dependencyOf(definition)?.upstreamId;
  };
  return [...definitions.keys()].find((id) => {
    let at = upstreamOf(id);
    for (let steps = 0; at !== undefined && at !== id && steps < definitions.size; steps += 1)
      at = upstreamOf(at);
    return at === id;
  });
}

function dependentsIn({ definitions }: MemoryScheduleStore): readonly string[] {
  return [...definitions.values()].flatMap((definition) => {
    const { upstreamId } = dependencyOf(definition) ?? {};
    return upstreamId === undefined ? [] : [`${upstreamId} ${definition.scheduleId}`];
  });
}

describe('schedules that are written at the same time', () => {
  it('never start each other in a circle, and have an edge for each dependent and no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(anyWrite, { minLength: 2, maxLength: 14 }),
        async (scheduler, writes) => {
          const schedules = new MemoryScheduleStore();
          // Whatever one reads, others may write before it goes on.
          schedules.read = scheduler.scheduleFunction(schedules.read);

          const refusals = await scheduler.waitFor(
            Promise.all(writes.map((each) => write(each, schedules))),
          );

          expect(findCircle(schedules)).toBeUndefined();
          const edges = [...schedules.edges.values()].map(
            ({ upstreamId, dependentId }) => `${upstreamId} ${dependentId}`,
          );
          expect(edges.toSorted()).toEqual(dependentsIn(schedules).toSorted());
          for (const code of refusals.filter((each) => each !== undefined))
            expect(code).toMatch(/^(request\.invalid|schedule\.(exists|not-found|stale))$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

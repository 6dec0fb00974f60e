import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArchiveWorld } from '#test/support/archive-world.ts';

/** Half a file of results, so that some jobs fill a chunk. */
const HALF = 16_777_216;

const anyJob = fc.record({
  scheduleId: fc.constantFrom('daily-sales', 'weekly-sales', 'uptime', 'task:sales-report'),
  second: fc.integer({ min: 0, max: 59 }),
  bytes: fc.constantFrom(100, HALF - 1, HALF + 1),
  archiveDays: fc.constantFrom(7, 365, 1_095),
});

type AnyJob = typeof anyJob extends fc.Arbitrary<infer One> ? One : never;

function worldOf(jobs: readonly AnyJob[]): ArchiveWorld {
  const world = new ArchiveWorld();
  for (const { scheduleId, second, bytes, archiveDays } of jobs) {
    const fireTime = `2026-11-23T09:00:${String(second).padStart(2, '0')}Z`;
    world.add({ scheduleId, fireTime }, { resultBytes: bytes }, archiveDays);
  }
  return world;
}

async function archiveToTheEnd(world: ArchiveWorld): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    const { waiting } = await world.archive().catch(() => ({ waiting: 1 }));
    if (waiting === 0) return;
    // The lease of one that died ends.
    world.nowSeconds += 60;
  }
  throw new Error('Expected the archive to come to an end.');
}

it('archives each job once, in the same files, wherever invocations die and however little time they have', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyJob, { maxLength: 40 }),
      fc.record({
        call: fc.integer({ min: 1, max: 60 }),
        when: fc.constantFrom('before', 'after'),
      }),
      fc.integer({ min: 1, max: 4 }),
      async (jobs, death, chunks) => {
        const [smooth, rough] = [worldOf(jobs), worldOf(jobs)];
        Object.assign(rough, { dieAt: death, chunksPerInvocation: chunks });

        await archiveToTheEnd(smooth);
        await archiveToTheEnd(rough);

        expect(smooth.archived().toSorted()).toEqual([...smooth.jobs.keys()].toSorted());
        expect([...rough.files].toSorted()).toEqual([...smooth.files].toSorted());
      },
    ),
    { numRuns: 60 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNDER_WAY_SECONDS } from '#shared/domain/audit/decide-object.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import {
  PAYLOAD_CLASS_DAYS,
  type PayloadClassDays,
  payloadKey,
  sharedPayloadKey,
  unsettledKey,
} from '#shared/domain/result/payload-class.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { AuditWorld } from '#test/support/audit-world.ts';

/** What a job has left in the bucket and the table, and what an audit must make of it. */
const CASES = [
  'whole',
  'orphan of a settled row',
  'orphan without a row',
  'missing',
  'running',
  'just written',
  'expired result',
  'leftover end',
  'waiting end',
  'sharing',
  'sharing what is missing',
] as const;

/** What may happen to a job while the audit looks. */
const MISHAPS = ['nothing', 'settles', 'is copied', 'is removed'] as const;

const anyJob = fc.record({
  what: fc.constantFrom(...CASES),
  mishap: fc.constantFrom(...MISHAPS),
  /** After how many pages. */
  when: fc.integer({ min: 1, max: 30 }),
  schedule: fc.integer({ min: 0, max: 5 }),
  days: fc.constantFrom(...PAYLOAD_CLASS_DAYS),
  sinceOver: fc.integer({ min: 1, max: 30 * 86_400 }),
});

type AnyJob = typeof anyJob extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const NOW = FIRE_TIME + 60 * 86_400;
const SHOWN = { resultExpiresAt: NOW + 2 * 86_400, finishedAt: '2026-12-01T00:00:00Z' };

/** A world of drawn jobs, and what it holds that an audit is to find. */
class PropertyWorld {
  readonly world = new AuditWorld();
  readonly orphans: string[] = [];
  readonly leftovers: string[] = [];
  readonly missing: string[] = [];
  /** Objects that their row has let go of meanwhile: the stream deletes them too. */
  readonly removed: string[] = [];

  constructor(jobs: readonly AnyJob[]) {
    this.world.nowSeconds = NOW;
    for (const [at, job] of jobs.entries()) this.#plant(job, at);
    let pages = 0;
    this.world.meanwhile = () => {
      pages += 1;
      for (const [at, job] of jobs.entries()) if (job.when === pages) this.#happen(job, at);
    };
  }

  #plant(job: AnyJob, at: number): void {
    const { world } = this;
    const { key, object, unsettled } = placesOf(job, at);
    const modifiedAt = NOW - UNDER_WAY_SECONDS - job.sinceOver;
    const row = { key, state: 'settled' as const, payloadKey: object, ...SHOWN };
    switch (job.what) {
      case 'whole':
        world.addRow(row);
        world.addObject(object, { modifiedAt });
        return;
      case 'orphan of a settled row':
        world.addRow({ key, state: 'settled' });
        world.addObject(object, { modifiedAt });
        this.orphans.push(object);
        return;
      case 'orphan without a row':
        world.addObject(object, { modifiedAt });
        this.orphans.push(object);
        return;
      case 'missing':
        world.addRow(row);
        this.missing.push(jobId(key));
        return;
      case 'running':
        world.addRow({ key, state: 'running' });
        world.addObject(object, { modifiedAt });
        return;
      case 'just written':
        world.addObject(object, { modifiedAt: NOW - UNDER_WAY_SECONDS + 1 });
        return;
      case 'expired result':
        world.addRow({ ...row, resultExpiresAt: NOW });
        return;
      case 'leftover end':
        world.addRow({ key, state: 'settled' });
        world.addObject(unsettled, { modifiedAt });
        this.leftovers.push(unsettled);
        return;
      case 'sharing':
      case 'sharing what is missing': {
        const isThere = job.what === 'sharing';
        const payloadKey = sharedPayloadKey(
          { scheduleId: key.scheduleId, hash: (isThere ? '0f' : 'f0').repeat(32) },
          job.days,
        );
        world.addRow({ ...row, payloadKey });
        if (isThere) world.addObject(payloadKey, { modifiedAt });
        else this.missing.push(jobId(key));
        return;
      }
      case 'waiting end':
        world.addRow({ key, state: 'running' });
        world.addObject(unsettled, { modifiedAt });
    }
  }

  #happen(job: AnyJob, at: number): void {
    const { world } = this;
    const { key, object, copy } = placesOf(job, at);
    const row = { key, state: 'settled' as const, payloadKey: object, ...SHOWN };
    if (job.mishap === 'settles' && (job.what === 'running' || job.what === 'just written'))
      world.addRow(row);
    if (job.what !== 'whole') return;
    if (job.mishap === 'is copied') {
      world.addObject(copy, { modifiedAt: NOW });
      world.addRow({ ...row, payloadKey: copy });
      this.removed.push(object);
    }
    if (job.mishap === 'is removed') {
      world.rows.delete(jobId(key));
      this.removed.push(object);
    }
  }
}

function placesOf({ schedule, days }: AnyJob, at: number) {
  const key = jobKeyOf(`schedule-${schedule}`, FIRE_TIME + at * 60);
  const place = { key, attempt: 1, owner: `owner-${at}` };
  const longer: PayloadClassDays = days === 3660 ? 365 : 3660;
  return {
    key,
    object: payloadKey(place, days),
    copy: payloadKey({ ...place, owner: `copy-${at}` }, longer),
    unsettled: unsettledKey(place),
  };
}

const anyWorld = fc.record({
  jobs: fc.array(anyJob, { maxLength: 60 }),
  pageSize: fc.integer({ min: 1, max: 20 }),
  pagesPerInvocation: fc.integer({ min: 1, max: 40 }),
});

describe('an audit of any bucket and table, whatever happens meanwhile', () => {
  it('deletes every orphan and leftover, and nothing that a row points to or may come to point to', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async ({ jobs, pageSize, pagesPerInvocation }) => {
        const { world, orphans, leftovers, removed } = new PropertyWorld(jobs);
        Object.assign(world, { pageSize, pagesPerInvocation });

        await world.audit();

        const garbage = new Set([...orphans, ...leftovers]);
        const deleted = new Set(world.deleted);
        expect(garbage.difference(deleted)).toEqual(new Set());
        expect(deleted.difference(garbage).difference(new Set(removed))).toEqual(new Set());
      }),
      { numRuns: 300 },
    );
  });

  it('names every job whose object is gone, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async ({ jobs, pageSize }) => {
        const { world, missing } = new PropertyWorld(jobs);
        Object.assign(world, { pageSize });

        const found = (await world.audit()).findings.jobs.missing;

        expect(found.jobs).toBe(missing.length);
        expect(found.examples.toSorted()).toEqual(
          missing.length <= 20 ? missing.toSorted() : expect.any(Array),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing where it may not repair, and counts the same', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async ({ jobs, pageSize }) => {
        const calm = jobs.map((job) => ({ ...job, mishap: 'nothing' as const }));
        const { world, orphans, leftovers } = new PropertyWorld(calm);
        Object.assign(world, { pageSize });

        const { findings } = await world.audit(false);

        expect(world.deleted).toEqual([]);
        expect(findings.orphans.objects).toBe(orphans.length);
        expect(findings.unsettled.leftovers.objects).toBe(leftovers.length);
      }),
      { numRuns: 100 },
    );
  });
});

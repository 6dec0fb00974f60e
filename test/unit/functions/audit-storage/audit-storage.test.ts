import { beforeEach, describe, expect, it } from 'vitest';
import { beginDailyAudit } from '#functions/audit-storage/audit-storage.ts';
import { describeEnd } from '#functions/audit-storage/describe-end.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { AuditWorld, type WorldRow } from '#test/support/audit-world.ts';

const key = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };
const OBJECT = 'results/30d/daily-sales/20261123T090000Z/1-owner-1';
const SHARED = `results/30d/=daily-sales/${'0f'.repeat(32)}`;
const UNSETTLED = 'unsettled/daily-sales/20261123T090000Z/1-owner-1';

let world: AuditWorld;

beforeEach(() => {
  world = new AuditWorld();
});

/** The settled job of `daily-sales`, whose large result is shown for twenty days more. */
function aRow(changes: Partial<WorldRow> = {}): WorldRow {
  return {
    key,
    state: 'settled',
    payloadKey: OBJECT,
    storedBytes: 1_000,
    finishedAt: '2026-11-23T09:00:02Z',
    resultExpiresAt: FIRE_TIME + 30 * 86_400,
    ...changes,
  };
}

describe('an audit', () => {
  it('finds no fault with an object that several jobs share, nor with those jobs', async () => {
    const shared = `results/30d/=daily-sales/${'a'.repeat(64)}`;
    const other = { scheduleId: 'daily-sales', fireTime: '2026-11-23T10:00:00Z' };
    world.addRow(aRow({ payloadKey: shared }));
    world.addRow(aRow({ key: other, payloadKey: shared }));
    world.addObject(shared);

    const { findings } = await world.audit();

    expect(findings).toMatchObject({
      results: { objects: 1 },
      orphans: { objects: 0 },
      unknown: { objects: 0 },
      jobs: { settled: 2, compared: 2, missing: { jobs: 0 } },
    });
    expect(world.deleted).toEqual([]);
  });

  it('finds nothing wrong where each row has its object and each object its row', async () => {
    world.addRow(aRow());
    world.addObject(OBJECT);

    const { findings, phase, startedAt, finishedAt } = await world.audit();

    expect({ phase, startedAt, finishedAt }).toEqual({
      phase: 'done',
      startedAt: world.nowSeconds,
      finishedAt: world.nowSeconds,
    });
    const one = { objects: 1, bytes: 1_000 };
    expect(findings).toMatchObject({
      results: one,
      byClass: { '30d': one },
      byAge: { '30d': one },
      ranked: [{ scheduleId: 'daily-sales', class: '30d', ...one }],
      orphans: { objects: 0 },
      pending: { objects: 0 },
      unknown: { objects: 0 },
      jobs: {
        settled: 1,
        compared: 1,
        notCompared: 0,
        missing: { jobs: 0 },
        leaving: { byDay: { '2026-12-23': { jobs: 1, ...one } } },
      },
    });
    expect(world.deleted).toEqual([]);
    expect(world.askedFor).toEqual([]);
  });

  it('deletes an orphan, and names it', async () => {
    world.addRow(aRow({ payloadKey: `${OBJECT}0` }));
    world.addObject(OBJECT);
    world.addObject(`${OBJECT}0`);

    const { findings } = await world.audit();

    expect(findings.orphans).toEqual({ objects: 1, bytes: 1_000, repaired: 1, examples: [OBJECT] });
    expect([...world.objects.keys()]).toEqual([`${OBJECT}0`]);
  });

  it('only counts what it would delete where it may not repair', async () => {
    world.addObject(OBJECT);
    world.addObject(UNSETTLED);

    const { findings } = await world.audit(false);

    expect(findings.orphans).toMatchObject({ objects: 1, repaired: 0 });
    expect(findings.unsettled.leftovers).toMatchObject({ objects: 1, repaired: 0 });
    expect(world.objects.size).toBe(2);
  });

  it('names a job whose object is gone', async () => {
    world.addRow(aRow());

    const { findings } = await world.audit();

    expect(findings.jobs.missing).toEqual({
      jobs: 1,
      examples: ['daily-sales@20261123T090000Z'],
    });
    expect(world.askedFor).toEqual([OBJECT]);
  });

  it('misses no object of a result that is not shown any more, though its record stays', async () => {
    world.addRow(aRow({ resultExpiresAt: world.nowSeconds }));

    const { findings } = await world.audit();

    expect(findings.jobs).toMatchObject({ notCompared: 1, missing: { jobs: 0 } });
  });

  it('misses no object that was copied to another class while it looked', async () => {
    world.addRow(aRow());
    world.addObject(OBJECT);
    const copy = OBJECT.replace('30d', '90d');
    let pages = 0;
    world.meanwhile = () => {
      pages += 1;
      if (pages !== 1) return;
      world.objects.delete(OBJECT);
      world.addObject(copy);
      world.addRow(aRow({ payloadKey: copy }));
    };

    const { findings } = await world.audit();

    expect(findings.jobs.missing.jobs).toBe(0);
    expect(world.askedFor).toEqual([copy]);
    expect([...world.objects.keys()]).toEqual([copy]);
  });

  it('misses no object of a job that was shortened while it looked', async () => {
    world.addRow(aRow());
    let pages = 0;
    world.meanwhile = () => {
      pages += 1;
      if (pages === 4) world.addRow(aRow({ resultExpiresAt: world.nowSeconds }));
    };

    const { findings } = await world.audit();

    expect(pages).toBe(4);
    expect(findings.jobs.missing.jobs).toBe(0);
  });

  it('keeps the object of a settle that is under way', async () => {
    world.nowSeconds = FIRE_TIME + 3_600;
    world.addRow({ key, state: 'running' });
    world.addObject(OBJECT, { modifiedAt: FIRE_TIME + 3_599 });

    const { findings } = await world.audit();

    expect(findings.pending).toEqual({ objects: 1, bytes: 1_000 });
    expect(world.deleted).toEqual([]);
  });

  it('leaves objects alone that no attempt can have written', async () => {
    world.addObject('results/30d/by-content/0f343b');
    world.addObject('results/readme.txt');
    world.addObject('unsettled/what');

    const { findings } = await world.audit();

    expect(findings.unknown.examples).toEqual([
      'results/30d/by-content/0f343b',
      'results/readme.txt',
      'unsettled/what',
    ]);
    expect(Object.keys(findings.byClass)).toEqual(['30d', 'none']);
    expect(world.deleted).toEqual([]);
  });

  it('leaves an object alone that jobs share, and counts it with their schedule', async () => {
    world.addObject(SHARED);

    const { findings } = await world.audit();

    expect(findings.shared).toEqual({ objects: 1, bytes: 1_000 });
    expect(findings.ranked).toMatchObject([{ scheduleId: 'daily-sales', class: '30d' }]);
    expect(findings.unknown.objects).toBe(0);
    expect(world.deleted).toEqual([]);
  });

  it('asks once for an object that jobs share, and names them all where it is gone', async () => {
    const gone = SHARED.replace('30d', '90d');
    for (const fireTime of ['2026-11-23T09:01:00Z', '2026-11-23T09:02:00Z']) {
      world.addRow(aRow({ key: { scheduleId: 'kept', fireTime }, payloadKey: SHARED }));
      world.addRow(aRow({ key: { scheduleId: 'lost', fireTime }, payloadKey: gone }));
    }
    world.addObject(SHARED);

    const { jobs } = (await world.audit()).findings;

    expect(jobs).toMatchObject({ compared: 4, notCompared: 0 });
    expect(jobs.missing.examples).toEqual(['lost@20261123T090100Z', 'lost@20261123T090200Z']);
    expect(world.askedFor.toSorted()).toEqual([SHARED, gone]);
  });

  it('deletes an end that was written, and names one that has waited for too long', async () => {
    const late = { scheduleId: 'late', fireTime: '2026-11-23T09:00:00Z' };
    world.addRow(aRow());
    world.addObject(OBJECT);
    world.addRow({ key: late, state: 'running' });
    world.addObject(UNSETTLED);
    world.addObject('unsettled/late/20261123T090000Z/1-owner-2');
    world.addObject('unsettled/now/20261123T090000Z/1-owner-3', { modifiedAt: world.nowSeconds });

    const { unsettled } = (await world.audit()).findings;

    expect(world.deleted).toEqual([UNSETTLED]);
    expect(unsettled.leftovers).toMatchObject({ objects: 1, repaired: 1 });
    expect(unsettled.overdue).toMatchObject({
      objects: 1,
      examples: ['unsettled/late/20261123T090000Z/1-owner-2'],
    });
    expect(unsettled.waiting.objects).toBe(1);
  });

  it('says by day what leaves in thirty days, and sums up what leaves later or is hidden already', async () => {
    const day = (days: number) => world.nowSeconds + days * 86_400;
    const leaving = [0, 1, 1, 29, 30, 3_650].map((days, at) => ({
      key: { ...key, fireTime: `2026-11-23T09:0${at}:00Z` },
      state: 'settled' as const,
      expiresAt: day(days),
    }));
    for (const row of leaving) world.addRow(row);

    const { leaving: said } = (await world.audit()).findings.jobs;

    expect(said.expired.jobs).toBe(1);
    expect(said.later.jobs).toBe(2);
    expect(
      Object.fromEntries(Object.entries(said.byDay).map(([on, { jobs }]) => [on, jobs])),
    ).toEqual({ '2026-12-04': 2, '2027-01-01': 1 });
  });
});

describe('an audit that takes longer than an invocation', () => {
  it('has another go on by a message, and comes to the same', async () => {
    for (let at = 0; at < 60; at += 1) world.addObject(`${OBJECT}${at}`);
    world.pageSize = 1;
    world.pagesPerInvocation = 1;

    const { findings, step } = await world.audit();

    expect(findings.orphans).toMatchObject({ objects: 60, repaired: 60 });
    // Saved after 25 pages each time.
    expect(step).toBe(3);
    expect(world.sent).toEqual([
      { kind: 'audit', auditId: '2026-12-03', notBefore: world.nowSeconds },
      { kind: 'audit', auditId: '2026-12-03', notBefore: world.nowSeconds },
    ]);
  });

  it('is gone on with by one of two invocations that came at once', async () => {
    world.addRow(aRow());
    world.addObject(OBJECT);
    const id = world.begin();

    const ends = await Promise.all([world.goOn(id), world.goOn(id)]);

    expect(ends.map(({ kind }) => kind).toSorted()).toEqual(['done', 'overtaken']);
    expect(world.audits.audits.get(id)?.findings.results.objects).toBe(1);
  });

  it('goes on from what was saved after an invocation that died', async () => {
    for (let at = 0; at < 40; at += 1) world.addObject(`${OBJECT}${at}`);
    world.pageSize = 1;
    const id = world.begin();
    let pages = 0;
    world.meanwhile = () => {
      pages += 1;
      if (pages === 30) throw new Error('killed');
    };

    await expect(world.goOn(id)).rejects.toThrow('killed');
    const end = await world.goOn(id);

    expect(end.kind).toBe('done');
    expect(world.objects.size).toBe(0);
    // Those that were deleted after the last save and before the kill are not found again.
    expect(world.audits.audits.get(id)?.findings.orphans.repaired).toBe(36);
  });

  it.each(['before', 'after'] as const)(
    'comes to its end, with the same garbage gone and the same found missing, when it dies %s any of its calls',
    async (when) => {
      for (let call = 1; ; call += 1) {
        const dying = new AuditWorld();
        const missing = { ...key, scheduleId: 'missing' };
        dying.addRow(aRow());
        dying.addRow(aRow({ key: missing, payloadKey: OBJECT.replace('daily-sales', 'missing') }));
        for (const object of [OBJECT, `${OBJECT}0`, `${OBJECT}1`, UNSETTLED])
          dying.addObject(object);
        Object.assign(dying, { pageSize: 1, pagesPerInvocation: 1, dieAt: { call, when } });
        const id = dying.begin();

        // Lambda invokes it again after a failure, and its own message after it has gone on.
        const ends = new Set<string>();
        while (!ends.has('done'))
          ends.add(
            await dying.goOn(id).then(
              ({ kind }) => kind,
              () => 'died',
            ),
          );

        expect([...dying.objects.keys()]).toEqual([OBJECT]);
        expect(dying.audits.audits.get(id)?.findings.jobs.missing.jobs).toBe(1);
        if (!ends.has('died')) {
          expect(call).toBeGreaterThan(10);
          return;
        }
      }
    },
  );

  it('does nothing where it is done, or was never asked for', async () => {
    await world.audit();

    expect(await world.goOn('2026-12-03')).toMatchObject({ kind: 'done' });
    expect(await world.goOn('2026-12-04')).toEqual({ kind: 'unknown' });
  });
});

describe('the daily audit', () => {
  it('is begun once, however often its message comes', async () => {
    const { audits } = world;
    const now = () => world.nowSeconds;

    const ids = [
      await beginDailyAudit(FIRE_TIME, { audits, now }),
      await beginDailyAudit(FIRE_TIME + 60, { audits, now }),
    ];

    expect(ids).toEqual(['2026-11-23', '2026-11-23']);
    expect([...audits.audits.values()]).toMatchObject([{ by: 'almanac', canRepair: true }]);
  });
});

describe('describeEnd', () => {
  it('warns of what a person has to see to, and of nothing else', async () => {
    world.addObject(OBJECT);
    expect(describeEnd({ kind: 'done', audit: await world.audit() })).toMatchObject({
      level: 'info',
      details: { orphans: 1, repaired: 1, missing: 0 },
    });

    world.addRow(aRow());
    expect(describeEnd({ kind: 'done', audit: await world.audit() })).toMatchObject({
      level: 'warn',
      details: { missing: 1 },
    });
  });
});

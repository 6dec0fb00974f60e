import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStore } from '#shared/adapters/dynamodb/audit-store.ts';
import { createScheduleStore } from '#shared/adapters/dynamodb/schedule-store.ts';
import { createSweepStore } from '#shared/adapters/dynamodb/sweep-store.ts';
import { AUDIT_KEPT_SECONDS, afterPage, newAudit } from '#shared/domain/audit/audit.ts';
import { MOST_EXAMPLES } from '#shared/domain/audit/findings.ts';
import { emptyTally, toggleInTally } from '#shared/domain/audit/tally.ts';
import type { AuditStore } from '#shared/ports/audit-store.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  SCHEDULES_TABLE,
  type ScheduleTables,
  serveScheduleTables,
} from '#test/support/schedules-table.ts';

let tables: ScheduleTables;
let store: AuditStore;
let now = FIRE_TIME;

beforeAll(async () => {
  tables = await serveScheduleTables();
  store = createAuditStore(tables.client, SCHEDULES_TABLE, () => now);
});

afterAll(async () => {
  await tables[Symbol.asyncDispose]();
});

const anAudit = (id: string) =>
  newAudit({ id, by: 'almanac', canRepair: true, requestedAt: FIRE_TIME });

describe('the store of audits', () => {
  it('gives back what was saved, of the step that was seen and of no other', async () => {
    const audit = anAudit('2026-11-01');
    const examples = Array.from({ length: MOST_EXAMPLES }, (_, at) => `results/7d/x/${at}`);
    const weight = { objects: 20, bytes: 80 };
    const further = {
      ...afterPage(
        audit,
        {
          findings: {
            ...audit.findings,
            results: weight,
            byClass: { '7d': weight },
            ranked: [{ scheduleId: 'x', class: '7d', ...weight }],
            orphans: { ...weight, repaired: 20, examples },
          },
          tally: toggleInTally(emptyTally(), ['results/7d/x/1', 'results/7d/x/2']),
          next: 'results/7d/x/2',
        },
        FIRE_TIME,
      ),
      step: 1,
    };

    expect(await store.create(audit)).toBe(true);
    expect(await store.read(audit.id)).toEqual(audit);
    expect(await store.save(further, 0)).toBe(true);
    expect(await store.save({ ...further, phase: 'done' }, 0)).toBe(false);
    expect(await store.read(audit.id)).toEqual(further);
  });

  it('begins one audit of an id', async () => {
    expect(await store.create(anAudit('2026-11-02'))).toBe(true);
    expect(await store.create({ ...anAudit('2026-11-02'), canRepair: false })).toBe(false);

    expect(await store.read('2026-11-02')).toMatchObject({ canRepair: true });
  });

  it('lists them newest first, a page at a time, and says what that cost', async () => {
    const asked = '2026-11-02-01KB0Q1V7Z0000000000000000';
    await store.create(anAudit(asked));

    const first = await store.list(2);
    const second = await store.list(2, first.next);

    expect(first.audits.map(({ id }) => id)).toEqual([asked, '2026-11-02']);
    expect(first.cost).toMatchObject({ requests: 1, itemsRead: 2 });
    expect(second.audits.map(({ id }) => id)).toEqual(['2026-11-01']);
  });

  it('hides a report whose quarter is over, though it is still there', async () => {
    await store.create(anAudit('2026-11-03'));

    now = FIRE_TIME + AUDIT_KEPT_SECONDS;

    expect(await store.read('2026-11-03')).toBeUndefined();
    expect((await store.list(10)).audits).toEqual([]);
    now = FIRE_TIME;
  });

  it('is in no list of schedules, and nothing that the sweep looks at', async () => {
    const schedules = createScheduleStore(tables.client, SCHEDULES_TABLE);
    const sweep = createSweepStore(tables.client, SCHEDULES_TABLE);

    expect((await schedules.list({ limit: 100 })).schedules).toEqual([]);
    expect((await sweep.page(undefined)).states).toEqual([]);
  });
});

import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import type { PayloadPointer, StoredResult } from '#shared/domain/result/stored-result.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const DAY = 86_400;

let world: RunnerWorld;
let firings: number;

beforeEach(() => {
  world = new RunnerWorld();
  firings = 0;
});

/** Fires the schedule's next job, a minute after the one before, and tells what is kept of its result. */
async function fire(result: unknown, policy: Partial<StartPolicy>): Promise<StoredResult> {
  firings += 1;
  const key = jobKeyOf('daily-sales', FIRE_TIME + firings * 60);
  const start = aStart({ ...key, policy: { resultExpirationTime: DAY, ...policy } });
  world.nowSeconds = Math.max(world.nowSeconds, FIRE_TIME + firings * 60);
  await world.run({ ...start, deliverBy: '2027-12-01T00:00:00Z' }, () => result);
  const stored = world.jobs.row(key)?.settlement?.result;
  if (!stored) throw new Error('Expected the job to have settled with a result, got none.');
  return stored;
}

function textOf(stored: StoredResult): unknown {
  if (!('content' in stored) || stored.content.kind !== 'text') return undefined;
  return JSON.parse(stored.content.text);
}

function payloadOf(stored: StoredResult): PayloadPointer | undefined {
  return 'content' in stored && stored.content.kind === 'payload'
    ? stored.content.payload
    : undefined;
}

const ORDER = { total: 12, customer: { email: 'ada@example.com', name: 'Ada' } };
/** More than a row takes, however well it is compressed. */
const large = (seed: number) => ({
  rows: Array.from({ length: 2_000 }, (_, row) => `${Math.sin(seed + row)}`),
});

describe('redact', () => {
  it('takes what it points to out of a result before it is stored', async () => {
    const stored = await fire(ORDER, { redact: { drop: ['/customer/email'] } });

    expect(textOf(stored)).toEqual({ total: 12, customer: { name: 'Ada' } });
  });

  it('hashes equal values to equal digests, under the key of the stack', async () => {
    const redact = { hash: ['/customer/email'] };
    const first = textOf(await fire(ORDER, { redact }));
    const second = textOf(await fire({ ...ORDER, total: 13 }, { redact }));
    world.redactionKey = Uint8Array.of(9);
    const elsewhere = textOf(await fire(ORDER, { redact }));

    const digestOf = (value: unknown) => Object(value).customer.email;
    expect(digestOf(first)).toMatch(/^hmac:[\w-]{22}$/);
    expect(digestOf(second)).toBe(digestOf(first));
    expect(digestOf(elsewhere)).not.toBe(digestOf(first));
  });

  it('drops what it should hash where the stack has no key', async () => {
    world.redactionKey = undefined;

    const stored = await fire(ORDER, { redact: { hash: ['/customer/email'] } });

    expect(textOf(stored)).toEqual({ total: 12, customer: { name: 'Ada' } });
  });

  it('comes before select, which cannot bring back what was taken out', async () => {
    const policy = { redact: { drop: ['/customer/email'] }, select: 'customer.[name, email]' };

    expect(textOf(await fire(ORDER, policy))).toEqual(['Ada', null]);
  });

  it.each([
    ['/secret', { secret: 'XYZZY' }],
    ['/list/1/secret', { list: [{ secret: 2 }, { secret: 'XYZZY' }] }],
    ['/list/*/secret', { list: [{ secret: 'XYZZY' }, { secret: 'XYZZY' }] }],
    ['/deep', { deep: { er: ['XYZZY'] } }],
  ])(
    'leaves nothing of %s in object or unsettled end, whatever else is done with it',
    async (pointer, result) => {
      const policies: readonly Partial<StartPolicy>[] = [
        { redact: { drop: [pointer] } },
        { redact: { hash: [pointer] } },
        { redact: { drop: [pointer] }, select: '[@, list, secret, deep.er]' },
        { redact: { drop: [pointer] }, persist: 'on-change' },
      ];
      world.jobs.settle = () => Promise.reject(new Error('no answer'));

      for (const policy of policies)
        for (const whole of [result, { ...result, ...large(1) }])
          await fire(whole, policy).catch(() => undefined);

      const kept = [
        ...world.unsettled.values(),
        ...world.results.map(({ body }) => gunzipSync(body).toString()),
      ];
      expect(JSON.stringify(result)).toContain('XYZZY');
      expect(kept).toHaveLength(8 + 4);
      expect(kept.join()).not.toContain('XYZZY');
    },
  );
});

describe('select', () => {
  it('stores what it finds instead of the whole', async () => {
    const stored = await fire(ORDER, { select: 'total' });

    expect(stored).toMatchObject({ state: 'stored', bytes: 2 });
    expect(textOf(stored)).toBe(12);
  });

  it.each([
    ['missing', '`select` found nothing'],
    ['abs(customer.name)', expect.stringContaining('`select` failed: Invalid argument type')],
  ])('stores nothing where %s finds nothing or fails, and says so', async (select, reason) => {
    expect(await fire(ORDER, { select })).toEqual({ state: 'not-selected', reason });
  });
});

describe('persist: on-error', () => {
  it('stores no result of a job that went well', async () => {
    expect(await fire(large(1), { persist: 'on-error' })).toMatchObject({ state: 'not-selected' });
    expect(world.results).toEqual([]);
  });
});

describe('persist: on-change', () => {
  const persist = 'on-change';

  it('flags a result that is as the one before, whatever the order of its members, and stores it', async () => {
    const first = await fire({ a: 1, b: [{ c: 2, d: 3 }] }, { persist });
    const second = await fire({ b: [{ d: 3, c: 2 }], a: 1 }, { persist });
    const third = await fire({ a: 1, b: [{ c: 2, d: 3 }] }, { persist });

    const sameAs = 'daily-sales@20261123T090100Z';
    expect(first).toMatchObject({ state: 'stored', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(second).toMatchObject({ state: 'unchanged', sameAs });
    expect(third).toMatchObject({ state: 'unchanged', sameAs });
    expect(textOf(third)).toEqual({ a: 1, b: [{ c: 2, d: 3 }] });
  });

  it('begins anew with a result that has changed, and with one whose predecessor has expired', async () => {
    await fire(1, { persist });
    const changed = await fire(2, { persist });
    world.nowSeconds += DAY + 60;
    const afterExpiry = await fire(2, { persist });

    expect(changed.state).toBe('stored');
    expect(afterExpiry.state).toBe('stored');
  });

  it('compares what is stored, not what was returned', async () => {
    const policy = { persist, redact: { drop: ['/at'] } } as const;
    await fire({ total: 1, at: '09:00' }, policy);

    expect((await fire({ total: 1, at: '09:01' }, policy)).state).toBe('unchanged');
  });

  it('puts a large result once, and again before a job that shares it could outlive it', async () => {
    const policy = { persist, resultExpirationTime: 7 * DAY } as const;
    const pointers: (PayloadPointer | undefined)[] = [];
    const puts: number[] = [];
    for (const day of [0, 6, 12, 18, 24]) {
      world.nowSeconds = FIRE_TIME + day * DAY;
      pointers.push(payloadOf(await fire(large(1), policy)));
      puts.push(world.results.length);
    }

    // The class of 30 days keeps it for whatever expires by the 30th day; on the 24th, seven days more are too long.
    expect(puts).toEqual([1, 1, 1, 1, 2]);
    expect(pointers[0]?.key).toMatch(/^results\/30d\/=daily-sales\/[0-9a-f]{64}$/);
    expect(new Set(pointers.map((pointer) => pointer?.key)).size).toBe(1);
    expect(pointers.map((pointer) => pointer?.keptUntil.slice(0, 10))).toEqual([
      ...Array.from({ length: 4 }, () => '2026-12-23'),
      '2027-01-16',
    ]);
  });

  it('never lets a job share an object that leaves before the job does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ days: fc.integer({ min: 0, max: 40 }), same: fc.boolean() }), {
          maxLength: 8,
        }),
        fc.constantFrom(1, 3, 7, 30, 400, 3650),
        async (steps, keptDays) => {
          world = new RunnerWorld();
          firings = 0;
          for (const { days, same } of steps) {
            world.nowSeconds += days * DAY;
            const stored = await fire(large(same ? 1 : days), {
              persist,
              resultExpirationTime: keptDays * DAY,
            });

            const until = world.nowSeconds + keptDays * DAY;
            expect(Date.parse(payloadOf(stored)?.keptUntil ?? '') / 1000).toBeGreaterThanOrEqual(
              until,
            );
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('a plain policy', () => {
  it('loads nothing of all this', async () => {
    await fire(ORDER, {});

    expect([...world.loaded]).toEqual([]);
  });
});

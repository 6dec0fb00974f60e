import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problem } from '#shared/contracts/problem.ts';
import { scheduleResource } from '#shared/contracts/resources.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, aBody } from '#test/support/api-world.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '\ud800',
    '\udfff x',
    '__proto__',
    'constructor',
    '<aws.scheduler.scheduled-time>',
  ),
);

/** Anything that JSON can say, hostile or not. */
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText,
    fc.double(),
    fc.maxSafeInteger(),
    fc.constantFrom(null, true, false, -0, 1e308),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const anyTrigger = fc.record(
  {
    kind: fc.constantFrom(
      'cron',
      'interval',
      'once',
      'calendarInterval',
      'rrule',
      'any',
      'all',
      'after',
    ),
    schedule: fc.oneof(anyJson, fc.constantFrom('daily-sales', 'other')),
    outcome: fc.oneof(anyJson, fc.constantFrom('any', 'error')),
    expression: fc.oneof(anyJson, fc.constantFrom('cron(0/5 * * * ? *)', '* * * * *', '@daily')),
    every: fc.oneof(anyJson, fc.constantFrom('PT1M', 60, '1w', 'PT0S')),
    at: fc.oneof(anyJson, fc.constant('2027-01-01T00:00:00Z')),
    startAt: fc.oneof(anyJson, fc.constant('2026-11-24T00:00:00Z')),
    endAt: fc.oneof(anyJson, fc.constant('9999-12-31T23:59:59Z')),
    timeZone: fc.oneof(anyJson, fc.constantFrom('UTC', 'Europe/Berlin', '../../etc/passwd')),
    exclude: anyJson,
    of: anyJson,
    rule: anyJson,
  },
  { requiredKeys: ['kind'] },
);

/** Bodies that are right but for some fields. */
const anyBody = fc.record(
  {
    id: fc.oneof(anyJson, fc.constant('daily-sales')),
    task: fc.oneof(anyJson, fc.constantFrom('anything', 'sales-report')),
    trigger: fc.oneof(anyJson, anyTrigger, fc.constant(aBody()['trigger'])),
    input: anyJson,
    resultExpirationTime: anyJson,
    retry: anyJson,
    metadata: anyJson,
  },
  { requiredKeys: [] },
);

describe('the API', () => {
  it('answers a hostile body with a problem, or keeps and shows it whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBody, anyJson), async (body) => {
        const world = new ApiWorld();

        const answer = await world.post(JSON.stringify(body));

        expect(world.reported).toEqual([]);
        if (answer.status === 201) {
          const { id } = scheduleResource.parse(answer.json);
          const read = await world.request('GET', `/v1/schedules/${id}`);
          expect(read.json).toEqual(answer.json);
        } else {
          expect([400, 422]).toContain(answer.status);
          problem.parse(answer.json);
          expect(world.schedules.states.size).toBe(0);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('answers text that is hardly JSON with a problem', async () => {
    const world = new ApiWorld();
    const anyCut = fc
      .tuple(fc.json(), fc.nat({ max: 60 }), fc.string({ maxLength: 3 }))
      .map(([json, at, noise]) => `${json.slice(0, at)}${noise}${json.slice(at)}`);

    await fc.assert(
      fc.asyncProperty(anyCut, async (text) => {
        const answer = await world.post(text);

        expect([400, 422]).toContain(answer.status);
        problem.parse(answer.json);
      }),
    );
    expect(world.schedules.states.size).toBe(0);
  });

  it('answers any address and query with something it documents', async () => {
    const world = new ApiWorld();
    const anySegment = fc.oneof(
      fc.constantFrom('schedules', 'jobs', 'result', 'tasks', 'health', 'a@20261123T090000Z'),
      fc.webSegment(),
    );
    const anyPath = fc
      .tuple(fc.array(anySegment, { maxLength: 4 }), fc.webQueryParameters())
      .map(([segments, query]) => `/v1/${segments.join('/')}?${query}`);

    await fc.assert(
      fc.asyncProperty(anyPath, fc.constantFrom('GET', 'DELETE', 'PATCH'), async (path, method) => {
        const { status } = await world.request(method, path);

        expect(method === 'PATCH' ? [404, 405, 415] : [200, 404, 405]).toContain(status);
      }),
    );
  });

  it('reads a body as large as may be, of whatever shape', async () => {
    const world = new ApiWorld();
    const shapes = [
      { list: Array.from({ length: 100_000 }, () => 1) },
      Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`member${at}`, at])),
      { text: 'ab '.repeat(80_000) },
    ];

    for (const input of shapes) {
      const answer = await world.post(aBody({ id: undefined, task: 'anything', input }));

      expect(answer.status).toBe(201);
    }
    const url = `http://${'a-'.repeat(60_000)}`;
    const answer = await world.post(aBody({ input: { to: `${url} ` } }));
    expect(answer.status).toBe(422);
  });

  it('keeps what looks like a context attribute as text', async () => {
    const world = new ApiWorld();
    const input = { html: '<aws.scheduler.execution-id>', surrogate: '\ud800' };

    const answer = await world.post(aBody({ task: 'anything', input }));

    expect(answer.json).toMatchObject({ input });
    expect(world.schedules.stored('daily-sales')?.definition.createdAt).toBe(FIRE_TIME);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { auditResource } from '#shared/contracts/audits.ts';
import { listOf } from '#shared/contracts/resources.ts';
import { newAudit } from '#shared/domain/audit/audit.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, problemIn, SIGNER } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const ask = (body?: unknown, query = '') =>
  world.request('POST', `/v1/audits${query}`, body === undefined ? {} : { body });

describe('POST /v1/audits', () => {
  it('begins an audit that repairs nothing, which can be read at once', async () => {
    const answer = await ask();

    const audit = auditResource.parse(answer.json);
    expect(answer.status).toBe(202);
    expect(audit).toMatchObject({
      state: 'queued',
      phase: 'results',
      by: SIGNER,
      repair: false,
      requestedAt: '2026-11-23T09:00:00Z',
    });
    expect(audit.id).toMatch(/^2026-11-23-[0-9A-Z]{26}$/);
    expect(answer.headers.get('location')).toBe(`/v1/audits/${audit.id}`);
    expect(world.sent).toEqual([{ kind: 'audit', auditId: audit.id, notBefore: FIRE_TIME }]);
    expect((await world.request('GET', `/v1/audits/${audit.id}`)).json).toEqual(answer.json);
  });

  it('lets it repair where it is told to', async () => {
    expect((await ask({ repair: true })).json).toMatchObject({ repair: true });
  });

  it('begins nothing with dryRun', async () => {
    const answer = await ask({ repair: true }, '?dryRun=true');

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ state: 'queued', repair: true });
    expect(world.sent).toEqual([]);
    expect(world.audits.audits.size).toBe(0);
  });

  it('reports all faults of a body together', async () => {
    const answer = await ask({ repair: 'yes', delete: 'all' });

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({
      code: 'request.invalid',
      faults: ['/repair field.invalid', '/delete field.unknown'],
    });
  });
});

describe('GET /v1/audits', () => {
  const put = (id: string) =>
    world.audits.create(newAudit({ id, by: 'almanac', canRepair: true, requestedAt: FIRE_TIME }));

  it('lists audits, newest first, a page at a time', async () => {
    for (const day of [21, 22, 23]) await put(`2026-11-${day}`);

    const first = listOf(auditResource).parse(
      (await world.request('GET', '/v1/audits?limit=2')).json,
    );
    const second = await world.request('GET', `/v1/audits?limit=2&cursor=${first.next}`);

    expect(first.data.map(({ id }) => id)).toEqual(['2026-11-23', '2026-11-22']);
    expect(second.json).toMatchObject({ data: [{ id: '2026-11-21' }], next: null });
  });

  it.each(['2026-11-24', 'latest', '2026-11-23-x', "2026-11-23'--"])(
    'answers 404 where there is no audit %s',
    async (id) => {
      await put('2026-11-23');

      const answer = await world.request('GET', `/v1/audits/${id}`);

      expect(answer.status).toBe(404);
      expect(problemIn(answer).code).toBe('audit.not-found');
    },
  );

  it('refuses a cursor of another list', async () => {
    const answer = await world.request('GET', '/v1/audits?cursor=bm93aGVyZQ');

    expect(problemIn(answer).code).toBe('cursor.invalid');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { ApiWorld, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

const refer = (members: Record<string, unknown> = {}) => ({
  $result: { schedule: 'daily-sales', ...members },
});
const TIMED = { kind: 'interval', every: 'PT15M' };
const create = (input: unknown, fields: Record<string, unknown> = {}) =>
  world.post({ id: 'invoices', task: 'anything', trigger: TIMED, input, ...fields });

describe('the API, of inputs that refer to results', () => {
  it('takes and shows one as it was written', async () => {
    const input = { total: refer({ select: 'rows[0].total', maxAge: '26h', onStale: 'run' }) };

    const { status, json } = await create(input);

    expect(status).toBe(201);
    expect(json).toMatchObject({ input });
  });

  it.each<[unknown, string[]]>([
    [refer({ schedule: 'no id' }), ['/input/$result/schedule']],
    [{ a: refer({ pick: 'first' }) }, ['/input/a/$result/pick']],
    [refer({ select: 'rows[' }), ['/input/$result/select']],
    [refer({ select: 'nope(rows)' }), ['/input/$result/select']],
    [refer({ pick: 'upstream' }), ['/input/$result/pick']],
    [Array.from({ length: 9 }, () => refer()), ['/input']],
    [
      { a: refer({ maxAge: -1, onStale: 'never' }), b: { $result: 1, c: 2 } },
      ['/input/a/$result/maxAge', '/input/a/$result/onStale', '/input/b/c', '/input/b/$result'],
    ],
  ])('refuses %j', async (input, pointers) => {
    expect(problemIn(await create(input))).toEqual({
      code: 'request.invalid',
      faults: pointers.map((pointer) => `${pointer} input.reference`),
    });
  });

  it('tells of them with all that is wrong elsewhere', async () => {
    const answer = await create(refer({ pick: 'first' }), { id: 'no id', task: 'none' });

    expect(problemIn(answer).faults).toEqual([
      '/id id.invalid',
      '/task task.unknown',
      '/input/$result/pick input.reference',
    ]);
  });

  it('takes `upstream` of the schedule that the trigger comes after, and of no other', async () => {
    const trigger = { kind: 'after', schedule: 'daily-sales' };
    const other = await create(refer({ schedule: 'other', pick: 'upstream' }), { trigger });
    const own = await create(refer({ pick: 'upstream' }), { trigger });

    expect(problemIn(other).faults).toEqual(['/input/$result/pick input.reference']);
    expect(own.status).toBe(201);
  });

  it('does not ask the task’s schema about what will be replaced, and asks it about the rest', async () => {
    const report = (input: unknown) => create(input, { task: 'sales-report' });

    expect((await report({ rows: refer() })).status).toBe(201);
    expect(problemIn(await report({ rows: 'many', to: refer() })).faults).toEqual([
      '/input/rows input.invalid',
    ]);
    expect(problemIn(await report({ colour: refer() })).faults).toEqual([
      '/input/colour input.invalid',
    ]);
  });

  it('refuses them where the task’s function was adopted', async () => {
    const answer = await create({ a: refer() }, { task: 'legacy-report' });

    expect(problemIn(answer).faults).toEqual(['/input input.reference']);
  });

  it('holds submitted jobs, and runs with an input of their own, to the same', async () => {
    await create({});
    const submit = (input: unknown) =>
      world.request('POST', '/v1/jobs', { body: { task: 'anything', input } });
    const run = (input: unknown) =>
      world.request('POST', '/v1/schedules/invoices/run', { body: { input } });

    for (const ask of [submit, run]) {
      expect(problemIn(await ask(refer({ pick: 'upstream' }))).faults).toEqual([
        '/input/$result/pick input.reference',
      ]);
      expect((await ask(refer())).status).toBe(202);
    }
  });
});

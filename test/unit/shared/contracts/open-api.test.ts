import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApi } from '#shared/contracts/open-api.ts';
import { aJob } from '#test/support/a-job.ts';
import { type Answered, ApiWorld, aBody } from '#test/support/api-world.ts';

const operation = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
});
const description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

const text = JSON.stringify(openApi());
const document = description.parse(JSON.parse(text));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== 'parameters')
    .map(([method, value]) => ({ path, method, ...operation.parse(value) })),
);

describe('openApi', () => {
  it('is what docs/openapi.json says', async () => {
    const formatted = execFileSync('biome', ['format', '--stdin-file-path=docs/openapi.json'], {
      input: text,
      encoding: 'utf8',
    });

    await expect(formatted).toMatchFileSnapshot(join(process.cwd(), 'docs/openapi.json'));
  });

  it('refers only to what it holds', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);

    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const name = String(reference).replace('#/components/schemas/', '');
      expect(document.components.schemas).toHaveProperty(name);
    }
  });

  it('names each operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations)('$operationId may fail by its own fault, or a store', ({ responses }) => {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['500', '503']));
  });

  it('has every address that the API has', () => {
    const { api } = new ApiWorld();

    const served = new Set(
      api.routes.map(
        ({ method, path }) => `${method} ${path.replace(/\/$/, '').replace(/:\w+/g, ':id')}`,
      ),
    );

    const described = operations.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, ':id')}`,
    );
    expect(new Set(described)).toEqual(served);
  });
});

describe('the schemas of openApi', () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'almanac', ...document });
  const check = (name: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `almanac#/components/schemas/${name}` });
    validate(value);
    return validate.errors ?? [];
  };
  let schedule: Answered;
  let job: Answered;

  beforeAll(async () => {
    const world = new ApiWorld();
    schedule = await world.post(aBody({ resultExpirationTime: { error: '7d', default: 0 } }));
    world.addJob(aJob());
    job = await world.request('GET', '/v1/jobs/daily-sales@20261123T090000Z');
  });

  it('hold for what the API answers', async () => {
    const world = new ApiWorld();
    const tasks = await world.request('GET', '/v1/tasks');
    const problem = await world.post({});

    expect(check('Schedule', schedule.json)).toEqual([]);
    expect(check('Job', job.json)).toEqual([]);
    expect(check('TaskPage', tasks.json)).toEqual([]);
    expect(check('Problem', problem.json)).toEqual([]);
  });

  it('let pass the bodies that the API takes, and what GET answered as the body of a PUT', () => {
    expect(
      check('NewSchedule', aBody({ catchUpWindow: '10m', retry: { maxAttempts: 3 } })),
    ).toEqual([]);
    expect(check('ReplacedSchedule', schedule.json)).toEqual([]);
  });

  it('refuse what the API refuses by its form', () => {
    expect(check('NewSchedule', aBody({ owner: 'me' }))).not.toEqual([]);
    expect(check('NewSchedule', aBody({ id: '-daily' }))).not.toEqual([]);
    expect(check('NewSchedule', schedule.json)).not.toEqual([]);
  });
});

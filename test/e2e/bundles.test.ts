import { describe, expect, inject, it } from 'vitest';
import { TASKS } from '#infra/tasks.ts';
import { functionBundles } from '#test/support/function-bundles.ts';
import { allModules, modulesAtStart } from '#test/support/modules-of.ts';

const bundles = () => functionBundles(inject('assembly'));
const packagesOf = (modules: readonly string[]) =>
  new Set(
    modules.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'almanac'),
  );

describe('the bundle of a task', () => {
  const tasks = () => bundles().filter(({ name }) => name.startsWith('Task'));

  it('is there for each task of the stack', () => {
    expect(tasks().map(({ name }) => name)).toEqual(
      TASKS.map(({ id }) => `Task${id.replaceAll('-', '')}`),
    );
  });

  it('reads no client of S3, SQS or Lambda until it needs one', () => {
    for (const { directory } of tasks()) {
      const packages = packagesOf(modulesAtStart(directory).modules);

      expect([...packages].filter((name) => /client-(s3|sqs|lambda)/.test(name))).toEqual([]);
      expect(packages).toContain('@aws-sdk/lib-dynamodb');
      expect(packagesOf(allModules(directory).modules)).toContain('@aws-sdk/client-s3');
    }
  });

  it('does not read zod at its start, unless the task itself uses it', () => {
    const startsWithZod = tasks()
      .filter(({ directory }) => packagesOf(modulesAtStart(directory).modules).has('zod'))
      .map(({ name }) => name);

    expect(startsWithZod).toEqual(['Taskhttprequest']);
  });

  it('has less than 300 KB to read at its start, what only the task uses aside', () => {
    const { directory } = tasks().find(({ name }) => name === 'Tasksalesreport') ?? {};

    expect(modulesAtStart(directory ?? '').bytes).toBeLessThan(300 * 1_024);
  });
});

describe('every bundle', () => {
  it('is without what only synthesizing, testing or the local cloud needs', () => {
    for (const { directory } of bundles()) {
      const { modules } = allModules(directory);

      expect(
        modules.filter((path) => /(^|\/)(infra|local|test)\/[^/]|aws-cdk-lib/.test(path)),
      ).toEqual([]);
    }
  });
});

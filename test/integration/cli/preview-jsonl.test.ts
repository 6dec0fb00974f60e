import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { type ApschedulerCase, apschedulerCases } from '#test/support/apscheduler-cases.ts';

const MAIN = join(process.cwd(), 'cli/main.ts');

const answerForm = z.union([
  z.strictObject({ id: z.string(), fires: z.array(z.string()), exhausted: z.boolean() }),
  z.strictObject({
    id: z.string(),
    error: z.strictObject({ code: z.string(), message: z.string().startsWith('Expected ') }),
  }),
]);

const awsForm = z.object({
  accepted: z.array(z.string()),
  rejected: z.array(z.string()),
  cases: z.array(
    z.object({
      id: z.string(),
      expression: z.string(),
      timeZone: z.string(),
      after: z.string(),
      fires: z.array(z.string()),
    }),
  ),
});

const aws = awsForm.parse(
  JSON.parse(readFileSync(new URL('../../oracle/aws-cron.json', import.meta.url), 'utf8')),
);
const apscheduler = (['upstream_tests', 'derived', 'upstream_defects'] as const).flatMap((group) =>
  apschedulerCases(group).map((each) => ({ ...each, id: `${group} ${each.id}` })),
);

describe('almanac preview --jsonl, as a process', () => {
  let answers: ReadonlyMap<string, z.output<typeof answerForm>>;
  beforeAll(async () => {
    answers = await answersTo([
      ...aws.cases.map(({ id, expression, timeZone, after, fires }) => ({
        id,
        trigger: expression,
        timeZone,
        after,
        count: Math.max(fires.length, 1),
      })),
      ...[...aws.accepted, ...aws.rejected].map((expression) => ({
        id: expression,
        trigger: { kind: 'cron', expression },
      })),
      ...apscheduler.map(questionOf),
    ]);
  });

  it('answers every line', () => {
    expect(answers.size).toBe(72 + 6 + 17 + 83);
  });

  it.each(aws.cases)('$id: $expression in $timeZone', ({ id, fires }) => {
    const answer = answers.get(id);

    expect(answer).toMatchObject(
      fires.length > 0
        ? { id, fires, exhausted: false }
        : { id, error: { code: 'trigger.never-fires' } },
    );
  });

  it.each(aws.accepted)('accepts %s, as AWS does', (expression) => {
    expect(answers.get(expression)).toHaveProperty('fires');
  });

  it.each(aws.rejected)('refuses %s, as AWS does', (expression) => {
    expect(answers.get(expression)).toHaveProperty('error');
  });

  it.each(apscheduler)('APScheduler: $id', ({ id, expect: expected }) => {
    const answer = answers.get(id);

    if (expected.error) expect(answer).toHaveProperty('error');
    else if (expected.rule) expect(answer).toMatchObject({ fires: ['2026-11-23T13:14:00Z'] });
    else if (answer && 'error' in answer) {
      // What can never fire is refused; an `any` of nothing is not even a trigger.
      expect(expected.fires).toEqual([]);
      expect(answer.error.code).toMatch(/^trigger\.(?:never-fires|invalid)$/);
    } else if (expected.fires)
      expect(answer).toMatchObject({
        fires: expected.fires.map(wholeSeconds),
        exhausted: expected.exhausted ?? false,
      });
    else expect(answer?.fires).toHaveLength(1);
  });

  it('answers a line before the next one comes', async () => {
    const child = start();

    child.stdin?.write('{"id":"1","trigger":"@daily","count":1,"after":"2026-01-01T00:00:00Z"}\n');
    const [answer] = child.stdout ? await once(child.stdout, 'data') : [];

    expect(String(answer)).toBe('{"id":"1","fires":["2026-01-02T00:00:00Z"],"exhausted":false}\n');
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends in peace when nobody reads on', async () => {
    const child = start();
    const errors = child.stderr && text(child.stderr);
    child.stdin?.on('error', () => {});

    child.stdin?.write('{"trigger":"* * * * *","count":10000}\n'.repeat(200));
    if (child.stdout) await once(child.stdout, 'data');
    child.stdout?.destroy();

    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await errors).toBe('');
  });
});

/** The one whose rule depends on now is asked from a given now on; the others from 1970 on, inclusive. */
function questionOf({ id, trigger, expect: expected }: ApschedulerCase) {
  const fires = expected.fires?.length ?? 0;
  const after = expected.rule ? '2026-11-23T13:13:20Z' : '1969-12-31T23:59:59Z';
  return { id, trigger, after, count: expected.exhausted ? fires + 1 : Math.max(fires, 1) };
}

/** Almanac's instants are whole seconds. */
function wholeSeconds(iso: string): string {
  return toIso(fromIso(iso) ?? Number.NaN);
}

async function answersTo(
  lines: readonly unknown[],
): Promise<ReadonlyMap<string, z.output<typeof answerForm>>> {
  const child = start();
  child.stdin?.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const [output] = await Promise.all([child.stdout && text(child.stdout), once(child, 'exit')]);
  const answers = (output ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => answerForm.parse(JSON.parse(line)));
  return new Map(answers.map((answer) => [answer.id, answer]));
}

function start(): ChildProcess {
  return spawn(process.execPath, [MAIN, 'preview', '--jsonl'], { stdio: 'pipe' });
}

import { describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/run-command.ts';

const AFTER = '2026-11-23T09:00:00Z';

describe('almanac preview --jsonl', () => {
  it('answers each line with its id, in order', async () => {
    const answers = await answersTo(
      { id: 'a', trigger: '0 9 * * mon-fri', timeZone: 'Europe/Berlin', after: AFTER, count: 2 },
      {
        id: 2,
        trigger: { kind: 'cron', expression: 'cron(0 9 1 * ? 2027)' },
        after: AFTER,
        count: 1,
      },
    );

    expect(answers).toEqual([
      { id: 'a', fires: ['2026-11-24T08:00:00Z', '2026-11-25T08:00:00Z'], exhausted: false },
      { id: 2, fires: ['2027-01-01T09:00:00Z'], exhausted: false },
    ]);
  });

  it('shows ten fire times after now where a line says neither', async () => {
    const [answer] = await answersTo({ id: 1, trigger: '@daily' });

    expect(answer?.fires).toHaveLength(10);
    expect(answer?.fires?.[0]).toBe('2026-11-24T00:00:00Z');
  });

  it('takes the options for lines that do not say otherwise', async () => {
    const lines = ['{"trigger":"@daily"}\n', '{"trigger":"@daily","timeZone":"UTC","count":1}\n'];

    const { output } = await runCommand(
      [
        'preview',
        '--jsonl',
        ...['--time-zone', 'Asia/Tokyo', '--count', '2', '--after', '2030-01-01T00:00:00Z'],
      ],
      lines,
    );

    expect(output).toBe(
      '{"id":null,"fires":["2030-01-01T15:00:00Z","2030-01-02T15:00:00Z"],"exhausted":false}\n' +
        '{"id":null,"fires":["2030-01-02T00:00:00Z"],"exhausted":false}\n',
    );
  });

  it('is never exhausted for a trigger that another schedule fires', async () => {
    const answers = await answersTo({ trigger: { kind: 'after', schedule: 'daily-sales' } });

    expect(answers).toMatchObject([{ fires: [], exhausted: false }]);
  });

  it('is exhausted only when fewer fire times are left than were asked for', async () => {
    const trigger = { kind: 'rrule', rule: 'FREQ=DAILY;COUNT=2', startAt: '2026-12-01T00:00:00' };

    const answers = await answersTo(
      { id: 2, trigger, after: AFTER, count: 2 },
      { id: 3, trigger, after: AFTER, count: 3 },
    );

    expect(answers.map(({ exhausted }) => exhausted)).toEqual([false, true]);
  });

  it('counts an interval without startAt from `after`, also within another trigger', async () => {
    const interval = { kind: 'interval', every: 60 };

    const answers = await answersTo(
      { id: 1, trigger: interval, after: '2026-01-01T00:00:07Z', count: 1 },
      { id: 2, trigger: interval, after: '2026-01-01T00:00:08Z', count: 1 },
      { id: 3, trigger: { kind: 'any', of: [interval] }, after: '2026-01-01T00:00:09Z', count: 1 },
      { id: 4, trigger: { kind: 'any', of: [interval] }, after: '2026-01-01T00:00:10Z', count: 1 },
      {
        id: 5,
        trigger: { kind: 'calendarInterval', days: 3 },
        after: '2026-01-01T12:00:00Z',
        count: 1,
      },
      {
        id: 6,
        trigger: { kind: 'calendarInterval', days: 3 },
        after: '2026-01-02T12:00:00Z',
        count: 1,
      },
    );

    expect(answers.map(({ fires }) => fires?.[0])).toEqual([
      '2026-01-01T00:01:07Z',
      '2026-01-01T00:01:08Z',
      '2026-01-01T00:01:09Z',
      '2026-01-01T00:01:10Z',
      '2026-01-04T00:00:00Z',
      '2026-01-05T00:00:00Z',
    ]);
  });

  it('shows up to ten thousand fire times of one trigger', async () => {
    const [answer] = await answersTo({ id: 1, trigger: '* * * * *', after: AFTER, count: 10_000 });

    expect(answer?.fires).toHaveLength(10_000);
    expect(answer?.fires?.at(-1)).toBe('2026-11-30T07:40:00Z');
  });

  it('passes over blank lines and a byte order mark, and takes either line end', async () => {
    const line = '{"id":1,"trigger":"@daily","count":1}';

    const { output } = await runCommand(['preview', '--jsonl'], [`\uFEFF${line}\r\n\n  \n${line}`]);

    expect(output.split('\n')).toHaveLength(3);
    expect(output).not.toContain('error');
  });

  it('reads lines and letters that are cut anywhere', async () => {
    const bytes = Buffer.from('{"id":"žluťoučký 🐎","trigger":"@daily","count":1}\n{"id":"2"}\n');

    const whole = await runCommand(['preview', '--jsonl'], [bytes]);
    const cut = await runCommand(
      ['preview', '--jsonl'],
      [...bytes].map((byte) => Uint8Array.of(byte)),
    );

    expect(cut.output).toBe(whole.output);
    expect(whole.output).toContain('"id":"žluťoučký 🐎"');
  });

  it('goes on after a line that is too long', async () => {
    const { exitCode, output } = await runCommand(
      ['preview', '--jsonl'],
      ['{"id":1', ' '.repeat(1_048_576), '}\n{"id":2,"trigger":"@daily","count":1}\n'],
    );

    const [first, second] = output.trim().split('\n');
    expect(exitCode).toBe(0);
    expect(JSON.parse(first ?? '')).toMatchObject({ id: null, error: { code: 'body.too-large' } });
    expect(JSON.parse(second ?? '')).toMatchObject({ id: 2, exhausted: false });
  });

  it.each<[string, string, { id: number | null; code: string; message: RegExp }]>([
    ['no JSON', '{bad', { id: null, code: 'body.malformed', message: /JSON/ }],
    [
      'deep JSON',
      `{"id":7,"trigger":${'['.repeat(400)}${']'.repeat(400)}}`,
      { id: 7, code: 'body.malformed', message: /100 deep/ },
    ],
    ['no object', '[1]', { id: null, code: 'field.invalid', message: /object/ }],
    [
      'an id of another kind',
      '{"id":{},"trigger":"@daily"}',
      { id: null, code: 'id.invalid', message: /text or a number/ },
    ],
    [
      'an unknown member',
      '{"id":7,"trigger":"@daily","counts":3}',
      { id: 7, code: 'field.unknown', message: /counts/ },
    ],
    [
      'a count of 0',
      '{"id":7,"trigger":"@daily","count":0}',
      { id: 7, code: 'field.invalid', message: /1 to 10000/ },
    ],
    [
      'a local time',
      '{"id":7,"trigger":"@daily","after":"2026-01-01T00:00:00"}',
      { id: 7, code: 'field.invalid', message: /offset/ },
    ],
    ['no trigger', '{"id":7}', { id: 7, code: 'trigger.invalid', message: /object with a kind/ }],
    [
      'an unknown zone',
      '{"id":7,"trigger":"@daily","timeZone":"Mars"}',
      { id: 7, code: 'trigger.time-zone', message: /Mars/ },
    ],
    [
      'two zones',
      '{"id":7,"trigger":{"kind":"cron","expression":"@daily","timeZone":"UTC"},"timeZone":"Asia/Tokyo"}',
      { id: 7, code: 'trigger.time-zone', message: /one time zone/ },
    ],
    [
      'what never fires',
      '{"id":7,"trigger":"0 0 31 4 *"}',
      { id: 7, code: 'trigger.never-fires', message: /never fire/ },
    ],
    [
      'an unknown field',
      '{"id":7,"trigger":{"kind":"once","at":"2030-01-01T00:00:00Z","On":1}}',
      { id: 7, code: 'field.unknown', message: /On/ },
    ],
    [
      'what never agrees',
      '{"id":7,"trigger":{"kind":"all","maxIterations":5,"of":[{"kind":"cron","expression":"0 9 * * *"},{"kind":"cron","expression":"0 8 * * *"}]}}',
      { id: 7, code: 'trigger.max-iterations', message: /5 iterations/ },
    ],
  ])('answers a line with %s with its error', async (_, line, { id, code, message }) => {
    const { exitCode, output } = await runCommand(['preview', '--jsonl'], [`${line}\n`]);

    expect(exitCode).toBe(0);
    const error = { code, message: expect.stringMatching(message) };
    expect(JSON.parse(output)).toEqual({ id, error });
  });

  it('joins all that is wrong with a trigger', async () => {
    const [answer] = await answersTo({ id: 1, trigger: '61 24 * * *' });

    expect(answer?.error?.message).toMatch(/minute field .*\. Expected the hour field/);
  });
});

interface Answer {
  readonly id: unknown;
  readonly fires?: readonly string[];
  readonly exhausted?: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

async function answersTo(...lines: readonly unknown[]): Promise<readonly Answer[]> {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`);
  const { output } = await runCommand(['preview', '--jsonl'], input);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

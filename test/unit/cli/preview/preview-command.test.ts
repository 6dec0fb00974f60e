import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/run-command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'almanac-calendars-'));
  writeFileSync(join(folder, 'holidays.json'), '["2026-11-26"]');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('almanac preview', () => {
  it('prints a table of what fires and what does not', async () => {
    const { exitCode, output } = await runCommand([
      'preview',
      '30 2 * * *',
      ...['--time-zone', 'America/New_York', '--after', '2026-03-07T00:00:00Z', '--count', '2'],
    ]);

    expect(exitCode).toBe(0);
    expect(output).toBe(`At 02:30, America/New_York time
Planned, because its fire time 2025-03-09T02:30:00 meets a clock change

UTC                   Local (America/New_York)   Notes
2026-03-07T07:30:00Z  2026-03-07T02:30:00-05:00
-                     2026-03-08T02:30:00        does not fire: a clock change leaves this time out
2026-03-09T06:30:00Z  2026-03-09T02:30:00-04:00
`);
  });

  it('says what EventBridge holds of a native trigger', async () => {
    const { output } = await runCommand(['preview', 'cron(0 9 ? * MON-FRI *)', '--count', '1']);

    expect(output).toContain('\nNative: EventBridge holds cron(0 9 ? * MON-FRI *) in UTC\n');
    expect(output).toContain('2026-11-24T09:00:00Z');
  });

  it('takes the JSON of a trigger, and counts its interval from now', async () => {
    const { output } = await runCommand(['preview', '{"kind":"interval","every":"PT15M"}']);

    expect(output.match(/^2026\S+/gm)?.slice(0, 2)).toEqual([
      '2026-11-23T09:15:00Z',
      '2026-11-23T09:30:00Z',
    ]);
  });

  it('says that a trigger which another schedule fires has no fire times of its own', async () => {
    const { output } = await runCommand(['preview', '{"kind":"after","schedule":"daily-sales"}']);

    expect(output).toMatch(
      /^Whenever a job of daily-sales ends in success\nDependent: it has no fire times of its own\n\nUTC {2}Local \(UTC\) {2}Notes\n$/,
    );
  });

  it('says when no fire times are left', async () => {
    const trigger = '{"kind":"once","at":"2026-12-24T18:00:00"}';

    const before = await runCommand(['preview', trigger]);
    const after = await runCommand(['preview', trigger, '--after', '2027-01-01T00:00:00Z']);

    expect(before.output).toMatch(/\nNo fire times are left after these\.\n$/);
    expect(after.output).toMatch(/\nIt does not fire any more\.\n$/);
  });

  it('says that only some of the omitted times are shown', async () => {
    const trigger = '{"kind":"cron","expression":"* * * * *","exclude":["mon"]}';

    const { output } = await runCommand(['preview', trigger, '--count', '1']);

    expect(output).toMatch(/\nOnly the first 100 omitted times are shown\.\n$/);
  });

  it('prints one JSON object with --json', async () => {
    const { output } = await runCommand(['preview', '@daily', '--json', '--count', '1']);

    expect(JSON.parse(output)).toMatchObject({
      description: 'At 00:00, UTC',
      fireTimes: [{ fireTime: '2026-11-24T00:00:00Z' }],
    });
  });

  it('leaves out the days of a named calendar', async () => {
    const trigger = '{"kind":"cron","expression":"0 9 * * *","exclude":[{"calendar":"holidays"}]}';

    const { output } = await runCommand([
      'preview',
      trigger,
      '--calendars',
      folder,
      '--count',
      '3',
    ]);

    expect(output).toMatch(/^2026-11-26T09:00:00Z .* does not fire: excluded$/m);
  });

  it('refuses a folder whose calendars are no lists of dates', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'almanac-calendars-'));
    writeFileSync(join(broken, 'holidays.json'), '["2026-02-30"]');

    const { exitCode, warnings } = await runCommand(['preview', '@daily', '--calendars', broken]);

    rmSync(broken, { recursive: true });
    expect(exitCode).toBe(1);
    expect(warnings[0]).toContain('holidays.0');
  });

  it.each([
    ['0 24 * * *', 'trigger.invalid at /expression: Expected the hour field to be 0 to 23'],
    ['0 0 30 2 *', 'trigger.never-fires at /expression'],
    ['rate(5 minutes)', 'trigger.invalid at /expression'],
    ['{"kind":', 'trigger.invalid: Expected the trigger to be JSON or a crontab line'],
    ['{"kind":"cron","expression":"@daily","timeZone":"UTC"}', 'trigger.time-zone at /timeZone'],
    [
      '{"kind":"all","of":[{"kind":"cron","expression":"0 9 * * *"},{"kind":"cron","expression":"0 8 * * *"}],"maxIterations":9}',
      'trigger.max-iterations: ',
    ],
  ])('ends %s with exit code 1 and each fault', async (trigger, sentence) => {
    const { exitCode, output, warnings } = await runCommand([
      'preview',
      trigger,
      ...['--time-zone', 'Europe/Berlin'],
    ]);

    expect(exitCode).toBe(1);
    expect(output).toBe('');
    expect(warnings.join('\n')).toContain(sentence);
  });
});

import { describe, expect, it } from 'vitest';
import { runCommand } from '#test/support/run-command.ts';

describe('almanac', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])(
    'lists its commands when asked by %j',
    async (args) => {
      const { exitCode, output } = await runCommand(args);

      expect(exitCode).toBe(0);
      expect(output).toMatch(/^Usage: almanac <command>/);
      expect(output).toMatch(/^ {2}preview .+\n {2}calendar .+$/m);
    },
  );

  it.each(['preview', 'calendar'])(
    'says more about %s, even beside other words',
    async (command) => {
      const { exitCode, output } = await runCommand([command, 'import', '--help']);

      expect(exitCode).toBe(0);
      expect(output).toMatch(new RegExp(`^Usage: almanac ${command} `));
    },
  );

  it.each([
    [['frobnicate'], 'Expected a command to be `preview` or `calendar`, got `frobnicate`.'],
    [['preview', '--colour', '@daily'], "Unknown option '--colour'"],
    [['preview'], 'Expected one trigger, in quotes, got 0.'],
    [['preview', '0', '9', '*'], 'Expected one trigger, in quotes, got 3.'],
    [['preview', '--jsonl', '@daily'], 'Expected no trigger beside --jsonl, got 1.'],
    [['preview', '@daily', '--count', '0'], 'from 1 to 10000, got `0`'],
    [['preview', '@daily', '--count', '1e3'], 'from 1 to 10000, got `1e3`'],
    [['preview', '@daily', '--after', '2026-01-01'], 'Expected --after to be an instant'],
    [['calendar'], 'Expected `import` and one file.'],
    [['calendar', 'import', 'a.ics', '--name', '../x'], 'Expected --name to be letters'],
    [['calendar', 'import', 'a.ics', '--from', '2026-02-30'], 'Expected --from to be a date'],
    [['calendar', 'import', 'a.ics', '--until', '2020-01-01'], 'Expected --until to be no earlier'],
  ])('ends %j with exit code 2 and a sentence', async (args, sentence) => {
    const { exitCode, output, warnings } = await runCommand(args);

    expect(exitCode).toBe(2);
    expect(output).toBe('');
    expect(warnings.join('\n')).toContain(sentence);
  });
});

import { CALENDARS_FOLDER, readCalendars } from '#cli/calendar/read-calendars.ts';
import type { Command } from '#cli/command.ts';
import { CommandError } from '#cli/command-error.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { previewLines } from '#cli/preview/preview-lines.ts';
import { previewTable } from '#cli/preview/preview-table.ts';
import { LARGEST_COUNT, readCount } from '#cli/preview/read-count.ts';
import { createTriggerReader, type TriggerReader } from '#cli/preview/trigger-reader.ts';
import { writeTrigger } from '#cli/preview/write-trigger.ts';
import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import {
  DEFAULT_PREVIEW_COUNT,
  type Preview,
  previewTrigger,
} from '#shared/domain/schedule/preview.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

const HELP = `Usage: almanac preview '<trigger>' [options]
       almanac preview --jsonl [options] < lines

Shows the next fire times of a trigger, what clock changes and exclusions do to them, and whether EventBridge can hold
the trigger itself. It works offline.

A trigger is its JSON, as '{"kind":"interval","every":"PT15M"}', or an expression: a crontab line such as
'0 9 * * mon-fri', '@daily', or AWS's 'cron(0 9 ? * MON-FRI *)'.

Options:
  --time-zone <name>   IANA name, for a trigger that does not name its own; else UTC
  --after <instant>    show fire times strictly after it, as 2026-11-23T09:00:00Z; now when absent
  --count <n>          1 to ${LARGEST_COUNT}; ${DEFAULT_PREVIEW_COUNT} when absent
  --calendars <dir>    the folder of named calendars, a list of dates in each <name>.json; else infra/calendars
  --json               print one JSON object instead of a table
  --jsonl              answer each line of standard input

An interval without startAt counts from --after, and so does a calendarInterval without startDate.

With --jsonl each line is {"id","trigger","after","count"}, and may have "timeZone"; all but the trigger may be absent,
and then the options hold. Each is answered by one line, in order: {"id","fires":["2026-03-08T07:30:00Z"],
"exhausted":false}, or {"id","error":{"code","message"}}. exhausted says that fewer than count fire times are left.
Lines hold at most 1 MB; blank ones are passed over. The exit code is 0 whatever the lines hold.`;

const OPTIONS = {
  'time-zone': { type: 'string' },
  after: { type: 'string' },
  count: { type: 'string' },
  calendars: { type: 'string' },
  json: { type: 'boolean' },
  jsonl: { type: 'boolean' },
} as const;

/** `almanac preview`: when a trigger fires, or many of them. */
export const previewCommand: Command = {
  name: 'preview',
  summary: 'Shows when triggers fire',
  help: HELP,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const { 'time-zone': timeZone, calendars = CALENDARS_FOLDER, json, jsonl = false } = values;
    const count = values.count === undefined ? DEFAULT_PREVIEW_COUNT : readCount(values.count);
    const after = values.after === undefined ? terminal.now : constantly(readAfter(values.after));
    const trigger = onlyTrigger(positionals, jsonl);
    const reader = createTriggerReader(readCalendars(calendars));
    const zone = timeZone === undefined ? {} : { timeZone };
    if (trigger === undefined) return previewLines(terminal, { reader, after, count, ...zone });
    const preview = previewOne(trigger, { reader, from: after(), count, ...zone });
    return terminal.write(json ? `${JSON.stringify(preview, null, 2)}\n` : previewTable(preview));
  },
};

interface Question {
  readonly reader: TriggerReader;
  readonly from: EpochSeconds;
  readonly count: number;
  readonly timeZone?: string;
}

function previewOne(text: string, question: Question): Preview {
  const { reader, from, count, timeZone } = question;
  const written = writeTrigger(text, timeZone);
  const parsed = written.ok ? reader.read(written.json, from) : written;
  if (parsed.ok) return previewSound(parsed.trigger, { from, count });
  const faults = parsed.faults.map(({ pointer, code, detail }) =>
    pointer === '' ? `${code}: ${detail}` : `${code} at ${pointer}: ${detail}`,
  );
  throw new CommandError(faults.join('\nalmanac: '), { exitCode: 1 });
}

function previewSound(
  trigger: Trigger,
  question: { readonly from: EpochSeconds; readonly count: number },
): Preview {
  try {
    return previewTrigger(trigger, question);
  } catch (error) {
    if (!(error instanceof MaxIterationsReached)) throw error;
    throw new CommandError(`${error.code}: ${error.message}`, { exitCode: 1, cause: error });
  }
}

function onlyTrigger(positionals: readonly string[], isJsonl: boolean): string | undefined {
  const [trigger, ...others] = positionals;
  if (isJsonl === (trigger === undefined) && others.length === 0) return trigger;
  const got = positionals.length;
  const sentence = isJsonl
    ? `Expected no trigger beside --jsonl, got ${got}.`
    : `Expected one trigger, in quotes, got ${got}.`;
  throw new CommandError(`${sentence} See almanac preview --help.`, { exitCode: 2 });
}

function readAfter(text: string): EpochSeconds {
  const after = fromIso(text);
  if (after !== undefined) return after;
  throw new CommandError(
    `Expected --after to be an instant such as 2026-11-23T09:00:00Z, with Z or an offset, got \`${text.slice(0, 64)}\`.`,
    { exitCode: 2 },
  );
}

function constantly<Value>(value: Value): () => Value {
  return () => value;
}

import { isAwsCron, readAwsCron } from './aws-cron.ts';
import type { ReportField } from './cron-field.ts';
import { readCronParameters } from './cron-parameters.ts';
import { cronRule } from './cron-rule.ts';
import { readCrontab } from './crontab.ts';
import { RECURRENCE_FIELDS, readClockChangePolicy, readRecurrence } from './recurrence.ts';
import type { CronFields, CronSource, CronTrigger } from './trigger.ts';
import {
  addFault,
  isObject,
  type Reading,
  readText,
  readWord,
  refuseOtherFields,
} from './trigger-json.ts';

/** EventBridge Scheduler takes no longer expression, and nobody needs one. */
const LONGEST_EXPRESSION = 256;

/** Reads `{kind: 'cron'}` with an `expression`, crontab or AWS, or with `fields`. */
export function parseCron(reading: Reading): CronTrigger | undefined {
  const known = ['kind', 'expression', 'fields', 'dayMatch', 'gap', 'fold', ...RECURRENCE_FIELDS];
  refuseOtherFields(reading, known);
  const recurrence = readRecurrence(reading);
  const policy = readClockChangePolicy(reading);
  const schedule = readSchedule(reading);
  if (!recurrence || !schedule) return undefined;
  return { kind: 'cron', ...recurrence, ...policy, ...schedule };
}

function readSchedule(
  reading: Reading,
): { readonly source: CronSource; readonly fields: CronFields } | undefined {
  const { json } = reading;
  if ((json['expression'] === undefined) === (json['fields'] === undefined)) {
    addFault(reading, '', { detail: 'Expected either expression or fields, got both or neither' });
    return undefined;
  }
  const found = json['fields'] === undefined ? readExpression(reading) : readFields(reading);
  if (!found) return undefined;
  if (cronRule(found.fields).next(0) !== undefined) return found;
  const text = found.source.expression || JSON.stringify(json['fields']);
  const detail = `Expected a day that the calendar has, got \`${text}\`, which can never fire`;
  addFault(reading, found.source.form === 'fields' ? 'fields' : 'expression', {
    detail,
    code: 'trigger.never-fires',
  });
  return undefined;
}

function readExpression(reading: Reading): ReturnType<typeof readSchedule> {
  const rule = { longest: LONGEST_EXPRESSION, what: 'a crontab line or an AWS cron(…) expression' };
  const text = readText(reading, 'expression', rule);
  if (text === undefined) return undefined;
  const expression = text.trim().replaceAll(/\s+/g, ' ');
  const report: ReportField = (position, sentence) => {
    const where =
      position === 0 ? ` in \`${expression}\`` : ` (position ${position} of \`${expression}\`)`;
    addFault(reading, 'expression', { detail: `${sentence}${where}` });
  };
  if (isAwsCron(expression)) {
    refuseDayMatch(reading, 'an AWS cron(…) expression');
    const fields = readAwsCron(expression, report);
    return fields && { source: { form: 'aws', expression }, fields };
  }
  const dayMatch = readWord(reading, 'dayMatch', ['either', 'both']);
  const fields = readCrontab(expression, dayMatch, report);
  return fields && { source: { form: 'crontab', expression }, fields };
}

function readFields(reading: Reading): ReturnType<typeof readSchedule> {
  refuseDayMatch(reading, 'fields, whose days must all match');
  const json = reading.json['fields'];
  if (!isObject(json)) {
    addFault(reading, 'fields', { detail: 'Expected fields to be an object' });
    return undefined;
  }
  const fields = readCronParameters({ ...reading, json, pointer: `${reading.pointer}/fields` });
  return fields && { source: { form: 'fields', expression: '' }, fields };
}

function refuseDayMatch(reading: Reading, form: string): void {
  const { dayMatch } = reading.json;
  if (dayMatch === undefined || dayMatch === 'both') return;
  addFault(reading, 'dayMatch', { detail: `Expected dayMatch to be absent beside ${form}` });
}

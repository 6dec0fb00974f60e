import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { TriggerFault, TriggerFaultCode } from './trigger.ts';

/** What a trigger's JSON does not say itself. */
export interface TriggerContext {
  /** What an interval without `startAt`, or a calendar interval without `startDate`, counts from. Default: 1970-01-01. */
  readonly anchorAt?: EpochSeconds;
  /** The named calendars that `exclude` may refer to, each a list of dates such as `2026-12-25`. */
  readonly calendars?: Readonly<Record<string, readonly string[]>>;
}

/** One JSON object while it is read: its fields, where it stands, and the faults found so far, shared by all. */
export interface Reading {
  readonly json: Readonly<Record<string, unknown>>;
  /** The JSON pointer of the object, relative to the trigger. */
  readonly pointer: string;
  readonly faults: TriggerFault[];
  readonly context: TriggerContext;
  /** The kinds of the triggers around this one, the outermost first. */
  readonly around: readonly ('any' | 'all')[];
}

/** Foreign data in the place of a trigger. */
export type TriggerPlace = Omit<Reading, 'json'> & { readonly json: unknown };

const LONGEST_SHOWN = 64;

/** Notes a fault of a field; `field` is the pointer's rest, as `expression` or `of/0`. */
export function addFault(
  reading: Reading,
  field: string,
  fault: { readonly detail: string; readonly code?: TriggerFaultCode },
): void {
  const { detail, code = 'trigger.invalid' } = fault;
  const pointer = field === '' ? reading.pointer : `${reading.pointer}/${field}`;
  reading.faults.push({ pointer, code, detail });
}

/** Notes *Expected ‹field› to be ‹rule›, got ‹value›*. */
export function addExpectation(reading: Reading, field: string, rule: string): void {
  const value = reading.json[field];
  const got = value === undefined ? 'nothing' : shown(value);
  addFault(reading, field, { detail: `Expected ${field} to be ${rule}, got ${got}` });
}

/** Notes a fault for each field that the object has and should not. */
export function refuseOtherFields(reading: Reading, known: readonly string[]): void {
  for (const field of Object.keys(reading.json)) {
    if (known.includes(field)) continue;
    const detail = `Expected only the fields ${known.join(', ')}, got ${shown(field)}`;
    addFault(reading, escapePointer(field), { detail, code: 'field.unknown' });
  }
}

/** Reads a field that is one of a few words, the first of them where it is absent. */
export function readWord<Word extends string>(
  reading: Reading,
  field: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = reading.json[field];
  const word = words.find((candidate) => candidate === value);
  if (value !== undefined && word === undefined)
    addExpectation(reading, field, words.map((each) => `\`${each}\``).join(' or '));
  return word ?? words[0];
}

/** Reads a whole number within bounds, `fallback` where it is absent or wrong. */
export function readInteger(
  reading: Reading,
  field: string,
  rule: { readonly first: number; readonly last: number; readonly fallback: number },
): number {
  const value = reading.json[field];
  if (value === undefined) return rule.fallback;
  if (typeof value === 'number' && Number.isInteger(value))
    if (value >= rule.first && value <= rule.last) return value;
  addExpectation(reading, field, `a whole number from ${rule.first} to ${rule.last}`);
  return rule.fallback;
}

/** Reads a text that must be there. */
export function readText(
  reading: Reading,
  field: string,
  rule: { readonly longest: number; readonly what: string },
): string | undefined {
  const value = reading.json[field];
  if (typeof value === 'string' && value.length <= rule.longest) return value;
  addExpectation(reading, field, `${rule.what} of at most ${rule.longest} characters`);
  return undefined;
}

/** Narrows foreign data to a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Writes a foreign value into a sentence, in backticks and cut to a length that fits. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}\``;
}

function escapePointer(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}

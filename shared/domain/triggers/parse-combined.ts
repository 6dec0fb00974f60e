import { RECURRENCE_FIELDS, readRecurrence } from './recurrence.ts';
import type { AllTrigger, AnyTrigger, Recurrence, TimedTrigger } from './trigger.ts';
import {
  addExpectation,
  addFault,
  type Reading,
  readInteger,
  refuseOtherFields,
} from './trigger-json.ts';

const MOST_TRIGGERS = 16;
const DEEPEST_NESTING = 4;

/** As APScheduler's AndTrigger has them. */
const DEFAULT_THRESHOLD_SECONDS = 1;
const DEFAULT_MAX_ITERATIONS = 10_000;
const LONGEST_THRESHOLD_SECONDS = 86_400;
const MOST_ITERATIONS = 100_000;

/** Reads one of the triggers that a combined one holds. */
export type ParseMember = (
  reading: Omit<Reading, 'json'> & { readonly json: unknown },
) => TimedTrigger | undefined;

/** Reads `{kind: 'any', of: […]}`. */
export function parseAny(reading: Reading, parseMember: ParseMember): AnyTrigger | undefined {
  refuseOtherFields(reading, ['kind', 'of', ...RECURRENCE_FIELDS]);
  const combined = readMembers(reading, 'any', parseMember);
  return combined && { kind: 'any', ...combined };
}

/** Reads `{kind: 'all', of: […], thresholdSeconds, maxIterations}`. */
export function parseAll(reading: Reading, parseMember: ParseMember): AllTrigger | undefined {
  refuseOtherFields(reading, [
    'kind',
    'of',
    'thresholdSeconds',
    'maxIterations',
    ...RECURRENCE_FIELDS,
  ]);
  if (reading.around.includes('all'))
    addFault(reading, '', {
      detail: 'Expected an `all` to hold no other `all`: list the triggers of both in one',
    });
  const combined = readMembers(reading, 'all', parseMember);
  const thresholdSeconds = readInteger(reading, 'thresholdSeconds', {
    first: 0,
    last: LONGEST_THRESHOLD_SECONDS,
    fallback: DEFAULT_THRESHOLD_SECONDS,
  });
  const maxIterations = readInteger(reading, 'maxIterations', {
    first: 1,
    last: MOST_ITERATIONS,
    fallback: DEFAULT_MAX_ITERATIONS,
  });
  return combined && { kind: 'all', ...combined, thresholdSeconds, maxIterations };
}

function readMembers(
  reading: Reading,
  kind: 'any' | 'all',
  parseMember: ParseMember,
): (Recurrence & { readonly of: readonly TimedTrigger[] }) | undefined {
  const recurrence = readRecurrence(reading);
  const members = reading.json['of'];
  if (!Array.isArray(members) || members.length === 0 || members.length > MOST_TRIGGERS) {
    addExpectation(reading, 'of', `a list of 1 to ${MOST_TRIGGERS} triggers`);
    return undefined;
  }
  if (reading.around.length >= DEEPEST_NESTING) {
    addFault(reading, 'of', {
      detail: `Expected triggers to be nested at most ${DEEPEST_NESTING} deep`,
    });
    return undefined;
  }
  const { faults, context } = reading;
  const around = [...reading.around, kind];
  const of = members.flatMap((json: unknown, index) => {
    const pointer = `${reading.pointer}/of/${index}`;
    return parseMember({ json, pointer, faults, context, around }) ?? [];
  });
  return recurrence && { ...recurrence, of };
}

import { parseDuration } from '#shared/domain/duration.ts';
import { type ReferencePlace, referencePlaces } from '#shared/domain/input/reference-places.ts';
import {
  ON_STALE,
  PICKS,
  REFERENCE,
  type ResultReference,
} from '#shared/domain/input/result-reference.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { LONGEST_QUERY_CHARACTERS } from '#shared/domain/result/query-json.ts';

/** What is wrong with a reference; pointers are relative to the input. */
export interface ReferenceFault {
  readonly pointer: string;
  readonly detail: string;
}

/** The references of an input, and all that is wrong with those that are not sound. */
export interface FoundReferences {
  readonly references: readonly ResultReference[];
  readonly faults: readonly ReferenceFault[];
}

const MEMBERS = ['schedule', 'pick', 'select', 'maxAge', 'onStale'];

/**
 * Reads what an input says of results that it refers to. Whether a `select` is an expression is not looked at.
 *
 * @param input - Foreign data.
 */
export function findReferences(input: unknown): FoundReferences {
  const references: ResultReference[] = [];
  const faults: ReferenceFault[] = [];
  for (const place of referencePlaces(input)) {
    const found = faultsIn(place);
    if (found.length === 0) references.push(referenceIn(place));
    faults.push(...found);
  }
  return { references, faults };
}

type Members = Readonly<Record<string, unknown>>;

function faultsIn({ pointer, json }: ReferencePlace): readonly ReferenceFault[] {
  const beside = Object.keys(json).filter((name) => name !== REFERENCE);
  const alone = beside.map((name) => ({
    pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    detail: `Expected \`${REFERENCE}\` to stand alone, got ${shown(name)} beside it.`,
  }));
  const members = json[REFERENCE];
  const own = `${pointer}/${REFERENCE}`;
  if (!isMembers(members)) return [...alone, expected(own, 'an object with a `schedule`', members)];
  return [
    ...alone,
    ...Object.keys(members)
      .filter((name) => !MEMBERS.includes(name))
      .map((name) => expected(own, `an object with ${MEMBERS.join(', ')} alone`, name)),
    ...RULES.filter(({ name, holds }) => !holds(members[name])).map(({ name, rule }) =>
      expected(`${own}/${name}`, rule, members[name]),
    ),
  ];
}

const RULES: readonly {
  readonly name: string;
  readonly rule: string;
  readonly holds: (value: unknown) => boolean;
}[] = [
  {
    name: 'schedule',
    rule: `the id of a schedule, like ${ID_PATTERN}`,
    holds: (value) => typeof value === 'string' && ID_PATTERN.test(value),
  },
  { name: 'pick', rule: `one of ${PICKS.join(', ')}`, holds: isOneOf(PICKS) },
  {
    name: 'select',
    rule: `a JMESPath expression of at most ${LONGEST_QUERY_CHARACTERS} characters`,
    holds: (value) => value === undefined || isText(value, LONGEST_QUERY_CHARACTERS),
  },
  {
    name: 'maxAge',
    rule: 'seconds, "26h" or ISO 8601, at least 1 second',
    holds: (value) => value === undefined || (parseDuration(value) ?? 0) >= 1,
  },
  { name: 'onStale', rule: `one of ${ON_STALE.join(', ')}`, holds: isOneOf(ON_STALE) },
];

function referenceIn({ pointer, json }: ReferencePlace): ResultReference {
  const members: Members = Object(json[REFERENCE]);
  const { schedule, pick, select, maxAge, onStale } = members;
  const maxAgeSeconds = parseDuration(maxAge);
  return {
    pointer,
    schedule: String(schedule),
    pick: PICKS.find((known) => known === pick) ?? PICKS[0],
    ...(typeof select === 'string' && { select }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    onStale: ON_STALE.find((known) => known === onStale) ?? ON_STALE[0],
  };
}

function isOneOf(words: readonly string[]): (value: unknown) => boolean {
  return (value) => value === undefined || words.some((word) => word === value);
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expected(pointer: string, rule: string, got: unknown): ReferenceFault {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return { pointer, detail: `Expected \`${name}\` to be ${rule}, got ${shown(got)}.` };
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

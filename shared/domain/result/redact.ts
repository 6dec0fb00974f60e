import { canonicalJson } from '#shared/domain/result/canonical-json.ts';
import { EVERY, parsePointer } from '#shared/domain/result/json-pointer.ts';
import type { Redaction } from '#shared/domain/result/redaction.ts';

/** A value without what was to be left out, and the pointers that led to nothing in it. */
export interface Redacted {
  readonly value: unknown;
  readonly unmatched: readonly string[];
}

type Action = keyof Redaction;

/** One step of the pointers: what is to be done where it leads, and the steps from there. */
interface Mark {
  readonly steps: Map<string, Mark>;
  readonly ends: { readonly action: Action; readonly pointer: string }[];
}

/**
 * Takes out of a value what is not to be stored. The step `*` is every member or element.
 *
 * All pointers are followed in the value as it was given: an element that is left out does not move those after it. Of two pointers to
 * one place, or into what another one takes, that which leaves more out counts.
 *
 * @param value - As `JSON.parse` gives it; it is not changed.
 * @param digest - Makes a digest of a value's canonical JSON.
 */
export function redact(
  value: unknown,
  redaction: Redaction,
  digest: (canonical: string) => string,
): Redacted {
  const root = marksOf(redaction);
  const matched = new Set<string>();
  const redacted = walk(value, [root], { digest, matched });
  const pointers = [...(redaction.drop ?? []), ...(redaction.hash ?? [])];
  return {
    value: redacted === DROPPED ? null : redacted,
    unmatched: pointers.filter((pointer) => !matched.has(pointer)),
  };
}

const DROPPED = Symbol('dropped');

interface Walk {
  readonly digest: (canonical: string) => string;
  readonly matched: Set<string>;
}

function walk(value: unknown, marks: readonly Mark[], context: Walk): unknown {
  const ends = marks.flatMap((mark) => mark.ends);
  for (const { pointer } of ends) context.matched.add(pointer);
  if (ends.some(({ action }) => action === 'drop')) return DROPPED;
  // What a pointer takes from inside is not in the digest of the whole either.
  const inner = walkInside(value, marks, context);
  return ends.length > 0 ? context.digest(canonicalJson(inner)) : inner;
}

function walkInside(value: unknown, marks: readonly Mark[], context: Walk): unknown {
  if (typeof value !== 'object' || value === null || marks.every(({ steps }) => steps.size === 0))
    return value;
  const at = (step: string, member: unknown) => walk(member, marksAt(marks, step), context);
  if (Array.isArray(value))
    return value
      .map((element: unknown, index) => at(String(index), element))
      .filter((element) => element !== DROPPED);
  // Unlike an assignment, this makes a member of a key like __proto__.
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]): [string, unknown] => [name, at(name, member)])
      .filter(([, member]) => member !== DROPPED),
  );
}

function marksAt(marks: readonly Mark[], step: string): readonly Mark[] {
  const names = step === EVERY ? [EVERY] : [step, EVERY];
  return marks.flatMap(({ steps }) => names.flatMap((name) => steps.get(name) ?? []));
}

function marksOf(redaction: Redaction): Mark {
  const root: Mark = { steps: new Map(), ends: [] };
  for (const action of ['drop', 'hash'] as const)
    for (const pointer of redaction[action] ?? []) {
      const steps = parsePointer(pointer) ?? [];
      steps.reduce(stepInto, root).ends.push({ action, pointer });
    }
  return root;
}

function stepInto({ steps }: Mark, step: string): Mark {
  const known = steps.get(step);
  if (known) return known;
  const made: Mark = { steps: new Map(), ends: [] };
  steps.set(step, made);
  return made;
}

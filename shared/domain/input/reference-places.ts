import { REFERENCE } from '#shared/domain/input/result-reference.ts';

/** An object that stands for a result, sound or not. */
export interface ReferencePlace {
  /** A JSON pointer; empty for the whole input. */
  readonly pointer: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Lists the objects of an input that have the member `$result`, in order; what is inside of one is not looked at. */
export function* referencePlaces(
  input: unknown,
  pointer = '',
): Generator<ReferencePlace, void, undefined> {
  if (typeof input !== 'object' || input === null) return;
  if (isReference(input)) yield { pointer, json: { ...input } };
  else
    for (const [name, member] of Object.entries(input))
      yield* referencePlaces(member, `${pointer}/${escaped(name)}`);
}

/** Tells whether an input refers to any result: then it is not what the function gets. */
export function hasReferences(input: unknown): boolean {
  return referencePlaces(input).next().done !== true;
}

/**
 * Puts values in the places of references.
 *
 * @param values - By pointer; a reference without one is left as it is.
 * @returns A copy, where anything is replaced.
 */
export function fillReferences(
  input: unknown,
  values: ReadonlyMap<string, unknown>,
  pointer = '',
): unknown {
  if (typeof input !== 'object' || input === null) return input;
  if (isReference(input)) return values.has(pointer) ? values.get(pointer) : input;
  const fill = (name: string, member: unknown) =>
    fillReferences(member, values, `${pointer}/${escaped(name)}`);
  if (Array.isArray(input)) return input.map((member, at) => fill(String(at), member));
  return Object.fromEntries(
    Object.entries(input).map(([name, member]) => [name, fill(name, member)]),
  );
}

function isReference(value: object): boolean {
  return !Array.isArray(value) && Object.hasOwn(value, REFERENCE);
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

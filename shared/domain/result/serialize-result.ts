import { utf8Bytes } from '#shared/domain/result/utf8.ts';

/** No larger result is kept, unless the caller says otherwise. */
export const LARGEST_RESULT_BYTES = 50_000_000;

/** A task's result as JSON, or why it cannot be. */
export type SerializedResult =
  | { readonly kind: 'json'; readonly text: string; readonly bytes: number }
  /** `reason` names the place, as `result.rows[3].owner`. */
  | { readonly kind: 'unserializable'; readonly reason: string }
  | { readonly kind: 'too-large'; readonly bytes: number };

/**
 * Writes what a task returned as JSON. It never throws, whatever it is given.
 *
 * As `JSON.stringify`, but: `undefined` at the top is `null`; a BigInt is its decimal text; a Map is an object where all its keys
 * are strings, else an array of pairs; a Set is an array. A Date is ISO 8601, NaN and the infinities are `null`, functions and
 * symbols inside are left out. A circle, a `toJSON` that throws, or a function at the top is unserializable.
 */
export function serializeResult(
  value: unknown,
  options: { readonly largestBytes?: number } = {},
): SerializedResult {
  const largestBytes = options.largestBytes ?? LARGEST_RESULT_BYTES;
  try {
    const plain = toPlain(value, { path: 'result', key: '', ancestors: new Set() });
    if (plain === LEFT_OUT && value !== undefined)
      return { kind: 'unserializable', reason: `result is a ${typeof value}` };
    const text = plain === LEFT_OUT ? 'null' : JSON.stringify(plain);
    const bytes = utf8Bytes(text);
    return bytes > largestBytes ? { kind: 'too-large', bytes } : { kind: 'json', text, bytes };
  } catch (error) {
    if (error instanceof Unserializable)
      return { kind: 'unserializable', reason: cut(error.message) };
    // The walk catches what the value's own code throws; what is left are the engine's limits.
    return { kind: 'unserializable', reason: 'result is nested too deeply or too long for a text' };
  }
}

/** Where the walk is. */
interface Place {
  readonly path: string;
  /** What `toJSON` is given. */
  readonly key: string;
  readonly ancestors: Set<object>;
}

/** Stands for what JSON has no word for: left out of objects, `null` in arrays. */
const LEFT_OUT = Symbol('left out');

class Unserializable extends Error {}

function toPlain(given: unknown, place: Place): unknown {
  const value = converted(given, place);
  if (typeof value === 'bigint') return String(value);
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    return LEFT_OUT;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Number || value instanceof String || value instanceof Boolean)
    return value.valueOf();
  if (place.ancestors.has(value)) throw new Unserializable(`${place.path} leads back to itself`);
  place.ancestors.add(value);
  const plain = containerToPlain(value, place);
  place.ancestors.delete(value);
  return plain;
}

function converted(value: unknown, place: Place): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return own(place.path, () => {
    const toJson: unknown = Reflect.get(value, 'toJSON');
    return typeof toJson === 'function' ? Reflect.apply(toJson, value, [place.key]) : value;
  });
}

function containerToPlain(value: object, place: Place): unknown {
  if (Array.isArray(value)) return itemsToPlain(value, place);
  if (value instanceof Set) return itemsToPlain([...value], place);
  if (!(value instanceof Map))
    return membersToPlain(
      own(place.path, () => membersOf(value, place)),
      place,
    );
  const pairs: [unknown, unknown][] = [...value];
  return pairs.every((pair): pair is [string, unknown] => typeof pair[0] === 'string')
    ? membersToPlain(pairs, place)
    : itemsToPlain(pairs, place);
}

function itemsToPlain(items: readonly unknown[], place: Place): unknown[] {
  return Array.from(items, (item, index) => {
    const plain = toPlain(item, {
      path: `${place.path}[${index}]`,
      key: String(index),
      ancestors: place.ancestors,
    });
    return plain === LEFT_OUT ? null : plain;
  });
}

function membersToPlain(members: readonly (readonly [string, unknown])[], place: Place): object {
  const plain = members.map(([key, value]): [string, unknown] => {
    const path = `${place.path}${/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
    return [key, toPlain(value, { path, key, ancestors: place.ancestors })];
  });
  // Unlike an assignment, this makes a member of a key like __proto__.
  return Object.fromEntries(plain.filter(([, value]) => value !== LEFT_OUT));
}

function membersOf(value: object, place: Place): [string, unknown][] {
  return Object.keys(value).map((key) => [
    key,
    own(`${place.path}.${key}`, () => Reflect.get(value, key)),
  ]);
}

/** Runs the value's own code: a getter, a `toJSON`, a proxy's trap. */
function own<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Unserializable) throw error;
    const name = error instanceof Error ? error.name : 'a value';
    throw new Unserializable(`${path} threw ${name}`, { cause: error });
  }
}

function cut(reason: string): string {
  return reason.length > 200 ? `${reason.slice(0, 200)}…` : reason;
}

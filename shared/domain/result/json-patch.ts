import { writePointer } from '#shared/domain/result/json-pointer.ts';

/** One step of a patch. See https://www.rfc-editor.org/rfc/rfc6902 */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/**
 * Finds the steps that make one JSON value of another, in time that grows with their sizes alone.
 *
 * What lists begin and end with alike is left as it is; what lies between is compared place by place, so that a patch is right, though
 * not always the shortest: finding that takes time that grows with the product of the sizes.
 *
 * @param before - As `JSON.parse` gives it, as is `after`.
 * @returns No step where they are equal, whatever the order of members.
 */
export function jsonPatch(before: unknown, after: unknown): readonly PatchOperation[] {
  return diff({ before, after }, []);
}

type Path = readonly (string | number)[];

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
}

function diff({ before, after }: Pair, path: Path): readonly PatchOperation[] {
  if (isList(before) && isList(after)) return diffLists(before, after, path);
  if (isObject(before) && isObject(after)) return diffObjects(before, after, path);
  return before === after ? [] : [{ op: 'replace', path: writePointer(path), value: after }];
}

type Members = Readonly<Record<string, unknown>>;

function diffObjects(before: Members, after: Members, path: Path): readonly PatchOperation[] {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  const written = Object.entries(after).flatMap(([name, value]): readonly PatchOperation[] =>
    Object.hasOwn(before, name)
      ? diff({ before: before[name], after: value }, [...path, name])
      : [{ op: 'add', path: writePointer([...path, name]), value }],
  );
  return [
    ...removed.map((name) => ({ op: 'remove' as const, path: writePointer([...path, name]) })),
    ...written,
  ];
}

function diffLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
): readonly PatchOperation[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start += 1;
  let alike = 0;
  while (alike < shorter - start && isSame(before.at(-1 - alike), after.at(-1 - alike))) alike += 1;
  const [old, fresh] = [
    before.slice(start, before.length - alike),
    after.slice(start, after.length - alike),
  ];
  const at = (index: number) => [...path, start + index];
  return [
    ...fresh
      .slice(0, old.length)
      .flatMap((value, index) => diff({ before: old[index], after: value }, at(index))),
    // From the end on, so that no step moves what a later one points to.
    ...old.slice(fresh.length).map((_, index) => ({
      op: 'remove' as const,
      path: writePointer(at(old.length - 1 - index)),
    })),
    ...fresh.slice(old.length).map((value, index) => ({
      op: 'add' as const,
      path: writePointer(at(old.length + index)),
      value,
    })),
  ];
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

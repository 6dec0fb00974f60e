/** Takes the first values of a list that may have no end. */
export function firstOf<T>(values: Iterable<T>, count: number): readonly T[] {
  const taken: T[] = [];
  if (count === 0) return taken;
  for (const value of values) {
    taken.push(value);
    if (taken.length === count) break;
  }
  return taken;
}

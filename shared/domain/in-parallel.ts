/** So many requests are under way at once. */
const MOST_UNDER_WAY = 16;

/** Does the same for many things, a few at a time, and gives what came of each, in their order. */
export async function inParallel<Thing, Result>(
  things: readonly Thing[],
  act: (thing: Thing) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < things.length; at += MOST_UNDER_WAY)
    results.push(...(await Promise.all(things.slice(at, at + MOST_UNDER_WAY).map(act))));
  return results;
}

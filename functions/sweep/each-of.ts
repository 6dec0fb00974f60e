/** Does the same for each of many, some at once; the answers are in order. */
export async function eachOf<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  act: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += atOnce)
    answers.push(...(await Promise.all(items.slice(first, first + atOnce).map(act))));
  return answers;
}

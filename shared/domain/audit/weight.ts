/** How many objects there are of a kind, and how many bytes they take. */
export interface Weight {
  readonly objects: number;
  readonly bytes: number;
}

export const NO_WEIGHT: Weight = { objects: 0, bytes: 0 };

/** Adds one object. */
export function addObject({ objects, bytes }: Weight, objectBytes: number): Weight {
  return { objects: objects + 1, bytes: bytes + objectBytes };
}

/** Adds one object to the weight of its kind, which need not be there yet. */
export function addByKind(
  weights: Readonly<Record<string, Weight>>,
  kind: string,
  objectBytes: number,
): Readonly<Record<string, Weight>> {
  return { ...weights, [kind]: addObject(weights[kind] ?? NO_WEIGHT, objectBytes) };
}

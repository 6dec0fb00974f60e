/** A DynamoDB value in its wire form; exactly one member is present. */
export interface AttributeValue {
  readonly S?: string;
  /** A decimal number, normalized by the validations. */
  readonly N?: string;
  /** Base64. */
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: Item;
}

/** An item, or a key, in its wire form. */
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * Writes values so that equal ones give equal text: attributes, and members of sets, have no order.
 *
 * @param value - Any JSON; the members `SS`, `NS` and `BS` are taken for sets.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (Array.isArray(part)) return SETS.has(name) ? part.toSorted() : part;
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).toSorted(byName));
  });
}

/** Tells whether a write would leave an item as it is. */
export function isSameItem(one: Item | undefined, other: Item | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalText(one) === canonicalText(other);
}

const SETS: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

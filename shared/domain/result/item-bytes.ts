import { utf8Bytes } from '#shared/domain/result/utf8.ts';

/** What an attribute of an item may hold, as JavaScript has it. */
type ItemValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly ItemValue[]
  | { readonly [name: string]: ItemValue | undefined };

/** An item as JavaScript has it; `undefined` members are not written. */
export type Item = { readonly [name: string]: ItemValue | undefined };

/** A write is billed by begun kilobytes of the whole item. */
export const WRITE_UNIT_BYTES = 1_024;

/** Counts the write units of an item of so many bytes, without indexes. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/**
 * Counts an item's bytes as DynamoDB bills them: names and values.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + (value === undefined ? 0 : utf8Bytes(name) + valueBytes(value)),
    0,
  );
}

function valueBytes(value: ItemValue): number {
  if (typeof value === 'string') return utf8Bytes(value);
  if (typeof value === 'number') return numberBytes(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (value instanceof Uint8Array) return value.byteLength;
  // Three bytes for the container, and one for each element.
  if (isList(value)) return value.reduce<number>((sum, item) => sum + 1 + valueBytes(item), 3);
  const members = Object.values(value).filter((member) => member !== undefined);
  return 3 + members.length + itemBytes(value);
}

/**
 * One byte for each two significant digits, paired from the decimal point, one more, and one for a minus.
 *
 * @see https://github.com/architect/dynalite/blob/main/db/index.js (`valSize`), as AWS says only "approximately"
 */
function numberBytes(value: number): number {
  if (value === 0) return 1;
  const [mantissa = '', exponent] = value.toExponential().split('e');
  const digits = mantissa.replaceAll(/\D/g, '').length;
  const isSplitPair = digits % 2 === 0 && Number(exponent) % 2 === 0;
  return 1 + Math.ceil(digits / 2) + (isSplitPair ? 1 : 0) + (value < 0 ? 1 : 0);
}

function isList(value: ItemValue): value is readonly ItemValue[] {
  return Array.isArray(value);
}

import { WRITE_UNIT_BYTES, writeUnits } from '#shared/domain/result/item-bytes.ts';

/** A result of more stored bytes goes to S3, where one put costs as much as eight write units. */
const LARGEST_INLINE_BYTES = 8_192;

/**
 * A longer JSON goes to S3 however well it compresses: the API answers an inline result in its own body, which Lambda bounds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB)
 */
export const LARGEST_INLINE_JSON_BYTES = 1_048_576;

/** How a result is stored. */
export type Tier = 'text' | 'zstd' | 'payload';

/** The sizes that the choice depends on, in bytes. */
export interface TierSizes {
  /** The settled row without the result. */
  readonly row: number;
  readonly json: number;
  /** Compresses, which takes time: asked for only where it could matter. */
  readonly compressed: () => number;
}

/** Chooses where a result lies: in the row, compressed where that saves a write unit, or in S3 where it is too large. */
export function decideTier({ row, json, compressed }: TierSizes): Tier {
  if (row + json <= WRITE_UNIT_BYTES) return 'text';
  if (json > LARGEST_INLINE_JSON_BYTES) return 'payload';
  const small = compressed();
  const isSaving = writeUnits(row + small) < writeUnits(row + json);
  if (small <= LARGEST_INLINE_BYTES && (isSaving || json > LARGEST_INLINE_BYTES)) return 'zstd';
  return json <= LARGEST_INLINE_BYTES ? 'text' : 'payload';
}

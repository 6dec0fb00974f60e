import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { isSharedPayload } from '#shared/domain/result/payload-class.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';

type Image = StreamChange['oldItem'];

/**
 * Deletes the objects that rows no longer name: of a removed row, or of one whose result has been copied to a longer lifecycle class.
 * Each goes by the exact key that the row had, so deleting it once more does nothing. What jobs share leaves by its lifecycle alone.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function deletePayloads(
  changes: readonly StreamChange[],
  { payloads }: { readonly payloads: Pick<PayloadStore, 'delete'> },
): Promise<void> {
  await Promise.all(
    changes.map(async ({ oldItem, newItem }) => {
      const before = payloadKeyIn(oldItem);
      if (before !== undefined && before !== payloadKeyIn(newItem)) await payloads.delete(before);
    }),
  );
}

function payloadKeyIn(image: Image): string | undefined {
  // Only a row that has settled names an object, and only these are read.
  if (image?.['payload'] === undefined) return undefined;
  const { content } = jobFromItem(image);
  if (content?.kind !== 'payload' || isSharedPayload(content.payload.key)) return undefined;
  return content.payload.key;
}

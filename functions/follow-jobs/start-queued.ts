import { startInItem } from '#shared/adapters/dynamodb/queued-start.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/**
 * Sends the starts of the jobs that have just been queued because someone asked for them; those that wait for their turn have had
 * theirs sent. To send one twice is harmless: the second finds the job claimed.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function startQueued(
  changes: readonly StreamChange[],
  { queue, now }: { readonly queue: StartQueue; readonly now: WallClock },
): Promise<void> {
  await Promise.all(
    changes.map(async ({ eventName, newItem }) => {
      if (eventName !== 'INSERT' || newItem?.['state'] !== 'queued') return;
      if (newItem['waitingFor'] !== undefined) return;
      await queue.send({ kind: 'start', notBefore: now(), start: startInItem(newItem) });
    }),
  );
}

import { readProjectMessage } from '#shared/adapters/sqs/project-message.ts';
import type { QueueRecord } from '#shared/adapters/sqs/queue-event.ts';
import { readLetter } from './read-letter.ts';
import {
  type LetterEnd,
  type SettleUndeliveredPorts,
  settleUndelivered,
} from './settle-undelivered.ts';

/** A schedule whose retry could not be delivered is tried again after this long. */
const PROJECT_AGAIN_SECONDS = 900;

/**
 * Takes one dead letter: a start is brought to an end, a schedule that waits for its retry on EventBridge goes on waiting.
 *
 * @returns `unreadable` for a letter that tells of neither: there is nothing to settle then.
 * @throws {AlmanacError} `store.unavailable`; the queue then delivers the letter again.
 */
export async function takeLetter(
  record: QueueRecord,
  ports: SettleUndeliveredPorts,
): Promise<LetterEnd | 'sent-back' | 'unreadable'> {
  const letter = readLetter(record);
  if (letter) return settleUndelivered(letter, ports);
  const project = readProjectMessage(record.body);
  if (!project) return 'unreadable';
  await ports.queue.send({ ...project, notBefore: ports.now() + PROJECT_AGAIN_SECONDS });
  return 'sent-back';
}

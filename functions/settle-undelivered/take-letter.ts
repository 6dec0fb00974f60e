import { readProjectMessage } from '#shared/adapters/sqs/project-message.ts';
import type { QueueRecord } from '#shared/adapters/sqs/queue-event.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';
import { advanceAgainAt } from '#shared/domain/schedule/stands-still.ts';
import {
  type LetterEnd,
  type SettleUndeliveredPorts,
  settleUndelivered,
} from '#shared/runner/settle-undelivered.ts';
import { readAdvance } from './read-advance.ts';
import { readErrand } from './read-errand.ts';
import { readLetter } from './read-letter.ts';

/** A schedule whose retry could not be delivered is tried again after this long. */
const PROJECT_AGAIN_SECONDS = 900;

/** A step of an errand that has failed is done again after this long, until someone cancels the errand. */
const ERRAND_AGAIN_SECONDS = 60;

/**
 * Takes one dead letter: a start is brought to an end, a planned schedule is told again of its fire time, an errand goes on, a
 * schedule that waits for its retry on EventBridge goes on waiting.
 *
 * @returns `unreadable` for a letter that tells of none of them: there is nothing to settle then.
 * @throws {AlmanacError} `store.unavailable`; the queue then delivers the letter again.
 */
export async function takeLetter(
  record: QueueRecord,
  ports: SettleUndeliveredPorts,
): Promise<LetterEnd | 'sent-back' | 'left-to-sweep' | 'unreadable'> {
  const letter = readLetter(record);
  if (letter) return settleUndelivered(letter, ports);
  const advance = readAdvance(record.body);
  if (advance) return advanceAgain(advance, ports);
  const errand = readErrand(record.body);
  if (errand) {
    await ports.queue.send({ ...errand, notBefore: ports.now() + ERRAND_AGAIN_SECONDS });
    return 'sent-back';
  }
  const project = readProjectMessage(record.body);
  if (!project) return 'unreadable';
  await ports.queue.send({ ...project, notBefore: ports.now() + PROJECT_AGAIN_SECONDS });
  return 'sent-back';
}

/** Whether the plan has moved since is for `advance-schedule` to find: to tell it once too often is harmless. */
async function advanceAgain(
  advance: Advance,
  { queue, now }: SettleUndeliveredPorts,
): Promise<'sent-back' | 'left-to-sweep'> {
  const notBefore = advanceAgainAt(fireTimeOf(advance), now());
  if (notBefore === undefined) return 'left-to-sweep';
  await queue.send({ ...advance, notBefore });
  return 'sent-back';
}

import * as z from 'zod';
import { readProjectMessage } from '#shared/adapters/sqs/project-message.ts';
import { advanceMessage } from '#shared/contracts/advance-message.ts';
import { auditMessage } from '#shared/contracts/audit-message.ts';
import { errandMessage } from '#shared/contracts/errand-message.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';

const dueErrand = errandMessage.extend({ notBefore: z.int() });

const dueAdvance = advanceMessage.extend({ notBefore: z.int() });
const dueAudit = auditMessage.extend({ notBefore: z.int() });

const due = z.object({ notBefore: z.int().default(0) });

/**
 * Reads the body of a message of the starts queue: a start, with when it is due behind it, a planned schedule's fire time, a step
 * of an errand, a schedule to be tried again, or an audit to go on with.
 *
 * @throws an Error that says what is wrong; such a message goes to the dead letters after its last delivery.
 */
export function readMessage(body: unknown): QueuedMessage {
  const project = readProjectMessage(body);
  if (project) return project;
  const advance = dueAdvance.safeParse(body);
  if (advance.success) return advance.data;
  const audit = dueAudit.safeParse(body);
  if (audit.success) return audit.data;
  const errand = dueErrand.safeParse(body);
  if (errand.success) return errand.data;
  const parsed = parseStart(body);
  if (parsed.kind === 'malformed')
    throw new Error(`Expected a message of the starts queue, got: ${parsed.faults.join(' ')}`);
  return { kind: 'start', notBefore: due.parse(body).notBefore, start: parsed.start };
}

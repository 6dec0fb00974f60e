import type { Overdue } from '#shared/domain/job/decide-overdue.ts';
import type { Gap } from '#shared/domain/schedule/decide-gap.ts';
import { createUnrun } from '#shared/runner/create-unrun.ts';
import {
  type LetterEnd,
  type SettleUndeliveredPorts,
  settleUndelivered,
} from '#shared/runner/settle-undelivered.ts';
import { settleUnrun } from '#shared/runner/settle-unrun.ts';
import type { Repair } from './repair.ts';

/** What mending a job needs. */
export type MendJobPorts = Omit<SettleUndeliveredPorts, 'lookAgain'>;

/**
 * Does what was decided about one job: each of it is harmless where someone else has done it meanwhile.
 *
 * @returns What was done; `undefined` where nothing was.
 * @throws {AlmanacError} `store.unavailable`
 */
export async function mendJob(
  decided: Gap | Overdue,
  ports: MendJobPorts,
): Promise<Repair | undefined> {
  const { now, queue, jobs } = ports;
  const writes = { jobs, nowMs: () => now() * 1000 };
  switch (decided.kind) {
    case 'rest':
    case 'wait':
      return undefined;
    case 'start':
      await queue.send({ kind: 'start', notBefore: now(), start: decided.start });
      return 'started';
    case 'send':
      await queue.send({ kind: 'start', notBefore: now(), start: decided.start });
      return 'resent';
    case 'settle': {
      const { kind } = await createUnrun(decided.start, decided.end, writes);
      return kind === 'written' ? decided.end.outcome : undefined;
    }
    case 'give-up':
      return (await settleUnrun(decided.start, decided.end, writes)) && 'missed';
    case 'take-up': {
      // The next sweep looks again by itself.
      const lookAgain = async () => undefined;
      return REPAIR_OF[await settleUndelivered(decided.letter, { ...ports, lookAgain })];
    }
  }
}

const REPAIR_OF: Readonly<Record<LetterEnd, Repair | undefined>> = {
  completed: 'completed',
  'nothing-to-do': undefined,
  'started-again': 'resent',
  'given-up': 'missed',
  waiting: undefined,
  retrying: 'retried',
  abandoned: 'abandoned',
};

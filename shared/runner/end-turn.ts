import { jobId } from '#shared/domain/job/job-key.ts';
import { mayWait } from '#shared/domain/job/overlap.ts';
import { attemptName, HANDED_OVER_SECONDS } from '#shared/domain/job/slot.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';
import type { HeldSlot, HeldSlots } from '#shared/runner/take-turn.ts';

type EndTurnPorts = Pick<RunnerPorts, 'turns' | 'starts' | 'nowMs'>;

/**
 * Lets go of the slots of a job that has ended, or hands each to the job that has waited for it longest, whose start is sent.
 *
 * It never rejects: the job has its end, and a slot that stays behind is found to be vacant by whoever asks for it next.
 */
export async function endTurn(
  { schedule, task }: HeldSlots,
  { policy }: Start,
  ports: EndTurnPorts,
): Promise<void> {
  try {
    if (task) await passOn(task, { mayOthersWait: true, nameOf: attemptOf }, ports);
    if (schedule)
      await passOn(schedule, { mayOthersWait: mayWait(policy.overlap), nameOf: jobOf }, ports);
  } catch {
    // The table or the queue did not answer.
  }
}

async function passOn(
  { slot, group, holder }: HeldSlot,
  others: { readonly mayOthersWait: boolean; readonly nameOf: (start: Start) => string },
  ports: EndTurnPorts,
): Promise<void> {
  const { slots, waiting } = await ports.turns();
  const next = others.mayOthersWait ? await waiting.oldest(group) : undefined;
  if (!next) return slots.free(slot, holder);
  const now = secondsNow(ports);
  const to = { holder: others.nameOf(next), leaseUntil: now + HANDED_OVER_SECONDS };
  if (!(await slots.handOver(slot, holder, to))) return;
  const starts = await ports.starts();
  await starts.send({ kind: 'start', notBefore: now, start: next });
}

function jobOf(start: Start): string {
  return jobId(keyOfStart(start));
}

function attemptOf(start: Start): string {
  return attemptName(keyOfStart(start), start.attempt);
}

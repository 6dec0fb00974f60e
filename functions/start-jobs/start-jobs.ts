import type { AuditInvoker } from '#shared/ports/audit-invoker.ts';
import type { ErrandInvoker } from '#shared/ports/errand-invoker.ts';
import type { ScheduleAdvancer } from '#shared/ports/schedule-advancer.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { QueuedMessage, StartQueue } from '#shared/ports/start-queue.ts';
import type { TaskInvoker } from '#shared/ports/task-invoker.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What starting needs. */
export interface StartJobsPorts {
  readonly now: WallClock;
  readonly queue: Pick<StartQueue, 'send'>;
  readonly tasks: TaskInvoker;
  readonly advancer: ScheduleAdvancer;
  readonly audits: AuditInvoker;
  readonly errands: ErrandInvoker;
  readonly schedules: Pick<ScheduleStore, 'wake'>;
}

/** What was done with a message. */
export type Started =
  | 'started'
  | 'advanced'
  | 'audited'
  | 'stepped'
  | 'sent-on'
  | 'woken'
  | 'superseded';

/**
 * Does what a message of the starts queue asks for, once it is due.
 *
 * A message that is early, because SQS delays by 15 minutes at most, is sent on. To do one twice is harmless: a second start
 * finds the job claimed, a second waking finds the schedule awake, a second audit what the first has saved.
 *
 * @throws where a service did not take it; the queue then delivers the message again.
 */
export async function startJobs(message: QueuedMessage, ports: StartJobsPorts): Promise<Started> {
  const now = ports.now();
  if (message.notBefore > now) {
    await ports.queue.send(message);
    return 'sent-on';
  }
  if (message.kind === 'start') {
    await ports.tasks.invoke(message.start);
    return 'started';
  }
  if (message.kind === 'advance') {
    await ports.advancer.invoke(message);
    return 'advanced';
  }
  if (message.kind === 'audit') {
    await ports.audits.invoke(message.auditId);
    return 'audited';
  }
  if (message.kind === 'project') {
    const isWoken = await ports.schedules.wake(message.scheduleId, message.generation, now);
    return isWoken ? 'woken' : 'superseded';
  }
  await ports.errands.invoke(message);
  return 'stepped';
}

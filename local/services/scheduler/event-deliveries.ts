import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { Agenda } from '#local/services/scheduler/agenda.ts';
import { deadLetter } from '#local/services/scheduler/dead-letter.ts';
import {
  decideRetry,
  type ExhaustedRetryCondition,
} from '#local/services/scheduler/decide-retry.ts';
import { ScheduleDefinition } from '#local/services/scheduler/define-schedule.ts';
import {
  defaultNotification,
  type EventContext,
  fillInput,
} from '#local/services/scheduler/fill-input.ts';
import {
  type EventSender,
  type OutgoingEvent,
  type SendFailure,
  sendDeadLetter,
  sendEvent,
  type TargetRequest,
  targetRequest,
} from '#local/services/scheduler/send-event.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';
import type { Collection } from '#local/state.ts';

const PendingDelivery = z.object({
  scheduleKey: z.string(),
  scheduleArn: z.string(),
  groupArn: z.string(),
  target: ScheduleDefinition.shape.Target,
  /** What `<aws.scheduler.scheduled-time>` becomes. */
  scheduledTime: z.string(),
  startedMs: z.number(),
  /** Of the attempt to come, counted from 1. */
  attemptNumber: z.int(),
  dueMs: z.number(),
});

/** An event that waits for its next attempt. */
type PendingDelivery = z.infer<typeof PendingDelivery>;

/** An event that a schedule has just made. */
export type NewDelivery = Omit<PendingDelivery, 'startedMs' | 'attemptNumber' | 'dueMs'>;

/** What deliveries need. */
export interface DeliveryOptions extends EventSender {
  readonly clock: Clock;
  readonly activity: Activity;
  /** Holds what waits for a retry. */
  readonly pending: Collection;
  readonly choices: UndocumentedChoices;
  readonly log: (line: string) => void;
  /** Told when an event of a schedule has been delivered or given up after it had to wait. */
  readonly onSettled: (scheduleKey: string) => void;
}

/**
 * Brings events to their targets: once at least, again after errors that pass, and to the dead-letter queue in the end.
 *
 * An event keeps the target that its schedule had when it fired.
 */
export class EventDeliveries {
  readonly #options: DeliveryOptions;
  readonly #agenda: Agenda;
  readonly #waiting = new Map<string, PendingDelivery>();
  readonly #waitingOf = new Map<string, number>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#agenda = new Agenda({
      clock: options.clock,
      activity: options.activity,
      what: 'scheduler retry',
      onDue: (id) => this.#retry(id),
    });
  }

  /** Takes up what waited when the cloud was stopped. */
  restore(): void {
    for (const [id, value] of this.#options.pending.entries()) {
      const delivery = PendingDelivery.parse(value);
      this.#hold(id, delivery);
      this.#agenda.book(id, delivery.dueMs);
    }
  }

  /** Sends a new event at once; what happens to it later is seen to here. */
  start(event: NewDelivery): void {
    const nowMs = this.#options.clock.nowMs();
    const delivery = { ...event, startedMs: nowMs, attemptNumber: 1, dueMs: nowMs };
    const retryAtMs = this.#attempt(delivery);
    if (retryAtMs !== undefined) this.#wait(randomUUID(), delivery, retryAtMs);
  }

  /** Tells whether an event of a schedule waits for a retry. */
  isWaiting(scheduleKey: string): boolean {
    return this.#waitingOf.has(scheduleKey);
  }

  /** Drops the events of a schedule that wait. */
  cancel(scheduleKey: string): void {
    for (const [id, delivery] of this.#waiting)
      if (delivery.scheduleKey === scheduleKey) {
        this.#agenda.cancel(id);
        this.#release(id, delivery);
      }
  }

  /** Stops; what waits stays in the state. */
  close(): void {
    this.#agenda.clear();
  }

  #retry(id: string): void {
    const delivery = this.#waiting.get(id);
    if (!delivery) return;
    const retryAtMs = this.#attempt(delivery);
    if (retryAtMs !== undefined) {
      this.#wait(id, delivery, retryAtMs);
      return;
    }
    this.#release(id, delivery);
    if (!this.isWaiting(delivery.scheduleKey)) this.#options.onSettled(delivery.scheduleKey);
  }

  #wait(id: string, delivery: PendingDelivery, dueMs: number): void {
    const next = { ...delivery, attemptNumber: delivery.attemptNumber + 1, dueMs };
    this.#hold(id, next);
    this.#options.pending.set(id, next);
    this.#agenda.book(id, dueMs);
  }

  #hold(id: string, delivery: PendingDelivery): void {
    if (!this.#waiting.has(id))
      this.#waitingOf.set(
        delivery.scheduleKey,
        (this.#waitingOf.get(delivery.scheduleKey) ?? 0) + 1,
      );
    this.#waiting.set(id, delivery);
  }

  #release(id: string, delivery: PendingDelivery): void {
    this.#waiting.delete(id);
    this.#options.pending.delete(id);
    const others = (this.#waitingOf.get(delivery.scheduleKey) ?? 1) - 1;
    if (others > 0) this.#waitingOf.set(delivery.scheduleKey, others);
    else this.#waitingOf.delete(delivery.scheduleKey);
  }

  /** Makes one attempt, and gives the instant of the next if there is to be one. */
  #attempt(delivery: PendingDelivery): number | undefined {
    const { arns, clock, choices } = this.#options;
    const context = {
      scheduleArn: delivery.scheduleArn,
      scheduledTime: delivery.scheduledTime,
      executionId: randomBytes(8).toString('hex'),
      attemptNumber: delivery.attemptNumber,
    };
    const given = delivery.target.Input;
    const input =
      given === undefined ? defaultNotification(context, arns) : fillInput(given, context);
    const event = { groupArn: delivery.groupArn, target: delivery.target, input };
    const request = targetRequest(event, arns);
    const failure = sendEvent(event, request, this.#options);
    if (failure === undefined) return undefined;
    if (!failure.isRetryable) return this.#giveUp(event, { context, request, failure });
    const decision = decideRetry(
      { ...delivery, nowMs: clock.nowMs() },
      delivery.target.RetryPolicy,
      choices.retryBackoff,
    );
    if (decision.kind === 'retry') return decision.atMs;
    return this.#giveUp(event, { context, request, failure, exhausted: decision.exhausted });
  }

  #giveUp(event: OutgoingEvent, end: End): undefined {
    const { choices, log } = this.#options;
    const { context, failure } = end;
    const queueArn = event.target.DeadLetterConfig?.Arn;
    const letter = deadLetter({ ...end, input: event.input }, choices.deadLetterBody);
    const second = sendDeadLetter(event, letter, this.#options);
    const what = `scheduler: gave up the event of ${context.scheduleArn} for ${context.scheduledTime} at attempt ${context.attemptNumber}: ${failure.code}: ${failure.message}`;
    if (queueArn === undefined) log(`${what} It is lost: the schedule has no dead-letter queue.`);
    else if (second)
      log(`${what} It is lost: ${queueArn} did not take it: ${second.code}: ${second.message}`);
    else log(`${what} It is in ${queueArn}.`);
  }
}

interface End {
  readonly context: EventContext;
  readonly request: TargetRequest;
  readonly failure: SendFailure;
  readonly exhausted?: ExhaustedRetryCondition;
}

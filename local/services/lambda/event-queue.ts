import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import {
  type AttemptEnd,
  DEFAULT_EVENT_INVOKE_CONFIG,
  decideAfterAttempt,
  type EventCondition,
  type EventInvokeConfig,
  isExpired,
} from '#local/services/lambda/async-decision.ts';
import { asyncRecord } from '#local/services/lambda/async-record.ts';
import { type DestinationContext, sendToDestination } from '#local/services/lambda/destination.ts';
import type { InvocationEnd, Invoker } from '#local/services/lambda/invoker.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import type { Collection, State } from '#local/state.ts';

export interface EventQueueContext extends DestinationContext {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  readonly invoker: Invoker;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly configs: ReadonlyMap<string, EventInvokeConfig>;
}

/** An event's bookkeeping. Its payload lies in a collection of its own, and is written once. */
const queuedEvent = z.strictObject({
  requestId: z.string(),
  functionName: z.string(),
  dueAtMs: z.number(),
  acceptedAtMs: z.number(),
  failures: z.number(),
  throttles: z.number(),
});

type QueuedEvent = z.infer<typeof queuedEvent>;

/** An attempt's end with what the function answered, if it was reached. */
interface Attempt {
  readonly end: AttemptEnd;
  readonly answer?: InvocationEnd;
}

/**
 * The queue of asynchronous invocations. It survives a restart, and hands each event over at least once.
 *
 * An event whose function finds no environment free stays in the queue, under way, until one is.
 */
export class EventQueue {
  readonly #context: EventQueueContext;
  readonly #events: Collection;
  readonly #payloads: Collection;

  constructor(context: EventQueueContext) {
    this.#context = context;
    this.#events = context.state.collection('lambda-events');
    this.#payloads = context.state.collection('lambda-event-payloads');
  }

  /**
   * Takes an event, and begins with it at once.
   *
   * @returns Its request id, which all its attempts share.
   */
  add(functionName: string, payload: Buffer): string {
    const requestId = randomUUID();
    const nowMs = this.#context.clock.nowMs();
    this.#payloads.set(requestId, payload.toString());
    const event: QueuedEvent = {
      requestId,
      functionName,
      dueAtMs: nowMs,
      acceptedAtMs: nowMs,
      failures: 0,
      throttles: 0,
    };
    this.#events.set(requestId, event);
    this.#begin(event);
    return requestId;
  }

  /** Goes on with what a former run left, in the order in which it was accepted. */
  resume(): void {
    const { clock, functions, log } = this.#context;
    const left = this.#events.entries().map(([, value]) => queuedEvent.parse(value));
    for (const event of left.toSorted((one, other) => one.acceptedAtMs - other.acceptedAtMs)) {
      if (!functions.has(event.functionName)) {
        log(`lambda ${event.functionName}: dropped an event of a function that is gone`);
        this.#forget(event);
      } else if (event.dueAtMs <= clock.nowMs()) this.#begin(event);
      else this.#book(event);
    }
  }

  #book(event: QueuedEvent): void {
    this.#context.clock.schedule(event.dueAtMs, () => this.#begin(event));
  }

  #begin(event: QueuedEvent): void {
    const { activity, log } = this.#context;
    const end = activity.begin(`lambda event for ${event.functionName}`);
    this.#attempt(event)
      .catch((error: unknown) => log(`lambda ${event.functionName}: ${String(error)}`))
      .finally(end);
  }

  async #attempt(event: QueuedEvent): Promise<void> {
    const { clock, configs, invoker } = this.#context;
    const config = configs.get(event.functionName) ?? DEFAULT_EVENT_INVOKE_CONFIG;
    const attempt: Attempt = isExpired(event, config, clock.nowMs())
      ? { end: 'expired' }
      : await this.#invoke(event);
    // What the end of the service cut off is not counted: the next run tries it again.
    if (invoker.isClosed) return;
    const decision = decideAfterAttempt({ end: attempt.end, nowMs: clock.nowMs() }, event, config);
    if (decision.kind === 'waiting') {
      const waiting: QueuedEvent = { ...event, ...decision.progress, dueAtMs: decision.untilMs };
      this.#events.set(event.requestId, waiting);
      this.#book(waiting);
      return;
    }
    const queueArn = decision.condition === 'Success' ? config.onSuccess : config.onFailure;
    if (queueArn !== undefined) this.#report(event, attempt, { ...decision, queueArn });
    this.#forget(event);
  }

  async #invoke(event: QueuedEvent): Promise<Attempt> {
    const { functions, invoker, log } = this.#context;
    if (functions.get(event.functionName)?.reservedConcurrency === 0)
      return { end: 'zero-reserved-concurrency' };
    try {
      const answer = await invoker.invoke(event.functionName, {
        requestId: event.requestId,
        payload: () => this.#payload(event),
        depth: 0,
      });
      return { end: answer.isError ? 'function-error' : 'success', answer };
    } catch (error) {
      // Lambda's own failures go back to the queue as throttles do; the first of a row is told.
      if (!invoker.isClosed && event.throttles === 0)
        log(`lambda ${event.functionName}: event put back: ${String(error)}`);
      return { end: 'throttled' };
    }
  }

  #report(
    event: QueuedEvent,
    { answer }: Attempt,
    finished: { readonly condition: EventCondition; readonly queueArn: string },
  ): void {
    const { clock, functions } = this.#context;
    const sender = functions.get(event.functionName);
    if (!sender) return;
    const record = asyncRecord({
      requestId: event.requestId,
      functionArn: sender.arn,
      condition: finished.condition,
      invokeCount: event.failures + (answer ? 1 : 0),
      request: this.#payload(event),
      response: answer,
      nowMs: clock.nowMs(),
    });
    sendToDestination(this.#context, sender, { queueArn: finished.queueArn, record });
  }

  #payload(event: QueuedEvent): Buffer {
    return Buffer.from(z.string().parse(this.#payloads.get(event.requestId)));
  }

  #forget(event: QueuedEvent): void {
    this.#events.delete(event.requestId);
    this.#payloads.delete(event.requestId);
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BatchVerdict, batchVerdict } from '#local/services/lambda/batch-answer.ts';
import type {
  EventSource,
  EventSourceContext,
  EventSourceDefinition,
} from '#local/services/lambda/event-source.ts';
import { countWithinPayload } from '#local/services/lambda/payload-limits.ts';
import {
  passesQueueFilter,
  type QueueRecord,
  queueRecord,
} from '#local/services/lambda/queue-event.ts';

export interface QueueSourceDefinition extends EventSourceDefinition {
  /** Batches at once. */
  readonly maximumConcurrency: number;
}

/** SQS's own bound on one receive call. */
const MESSAGES_PER_RECEIVE = 10;

/**
 * Feeds a queue's messages to a function, in batches.
 *
 * A message is deleted once its batch has succeeded; otherwise it comes back by itself when its visibility timeout has
 * passed. Messages that the filter does not pass are deleted unseen, as on AWS.
 */
export class QueueSource implements EventSource {
  readonly #definition: QueueSourceDefinition;
  readonly #context: EventSourceContext;
  /** Received, and waiting for more to make a batch. */
  #gathered: QueueRecord[] = [];
  #batchesUnderWay = 0;
  #windowEndsAtMs: number | undefined;
  #isWoken = false;
  #stop: (() => void) | undefined;

  constructor(definition: QueueSourceDefinition, context: EventSourceContext) {
    this.#definition = definition;
    this.#context = context;
  }

  start(): void {
    this.#stop = this.#context.queues.onAvailable(this.#definition.sourceArn, () => this.#wake());
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Reads in the next turn: messages that are sent together so come in one batch. */
  #wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    const { activity, log } = this.#context;
    void activity.during(`lambda poll of ${this.#definition.sourceArn}`, async () => {
      await nextTurn();
      this.#isWoken = false;
      try {
        this.#poll();
      } catch (error) {
        log(`lambda ${this.#definition.target.name}: could not receive: ${String(error)}`);
      }
    });
  }

  #poll(): void {
    while (this.#stop && this.#batchesUnderWay < this.#definition.maximumConcurrency) {
      this.#gather();
      if (this.#gathered.length === 0 || this.#isWaitingForMore()) return;
      this.#windowEndsAtMs = undefined;
      const sizes = this.#gathered.map((record) => Buffer.byteLength(JSON.stringify(record)));
      this.#begin(this.#gathered.splice(0, countWithinPayload(sizes)));
    }
  }

  #gather(): void {
    const { sourceArn, batchSize, filter } = this.#definition;
    const { queues } = this.#context;
    for (;;) {
      const room = batchSize - this.#gathered.length;
      if (room <= 0) return;
      const maxMessages = Math.min(room, MESSAGES_PER_RECEIVE);
      const messages = queues.receive(sourceArn, { maxMessages });
      if (messages.length === 0) return;
      const records = messages.map((message) => queueRecord(message, sourceArn));
      const wanted = records.filter((record) => passesQueueFilter(record, filter));
      this.#gathered.push(...wanted);
      this.#delete(records.filter((record) => !wanted.includes(record)));
    }
  }

  /** Books the end of the batching window when its first message has come. */
  #isWaitingForMore(): boolean {
    const { batchSize, batchingWindowSeconds } = this.#definition;
    const { clock } = this.#context;
    if (batchingWindowSeconds === 0 || this.#gathered.length >= batchSize) return false;
    if (this.#windowEndsAtMs === undefined) {
      this.#windowEndsAtMs = clock.nowMs() + batchingWindowSeconds * 1000;
      clock.schedule(this.#windowEndsAtMs, () => this.#wake());
    }
    return clock.nowMs() < this.#windowEndsAtMs;
  }

  #begin(batch: readonly QueueRecord[]): void {
    this.#batchesUnderWay += 1;
    void this.#context.activity.during(
      `lambda batch of ${this.#definition.sourceArn}`,
      async () => {
        await this.#run(batch);
        this.#batchesUnderWay -= 1;
        this.#wake();
      },
    );
  }

  /** Never rejects: what goes wrong leaves the messages to their visibility timeout. */
  async #run(batch: readonly QueueRecord[]): Promise<void> {
    const { target } = this.#definition;
    const { invoker, log } = this.#context;
    try {
      const verdict = await this.#invoke(batch);
      if (!invoker.isClosed) this.#settle(batch, verdict);
    } catch (error) {
      if (!invoker.isClosed) log(`lambda ${target.name}: batch put back: ${String(error)}`);
    }
  }

  async #invoke(batch: readonly QueueRecord[]): Promise<BatchVerdict> {
    const { target, reportsItemFailures } = this.#definition;
    const end = await this.#context.invoker.invoke(target.name, {
      payload: () => Buffer.from(JSON.stringify({ Records: batch })),
      depth: 0,
    });
    if (end.isError) return { kind: 'failed' };
    if (!reportsItemFailures) return { kind: 'succeeded' };
    return batchVerdict(end.payload, new Set(batch.map((record) => record.messageId)));
  }

  #settle(batch: readonly QueueRecord[], verdict: BatchVerdict): void {
    if (verdict.kind === 'failed') return;
    const isDone = (record: QueueRecord) =>
      verdict.kind === 'succeeded' || !verdict.identifiers.has(record.messageId);
    this.#delete(batch.filter(isDone));
  }

  #delete(records: readonly QueueRecord[]): void {
    if (records.length === 0) return;
    const handles = records.map((record) => record.receiptHandle);
    this.#context.queues.delete(this.#definition.sourceArn, handles);
  }
}

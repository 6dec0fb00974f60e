import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { batchVerdict } from '#local/services/lambda/batch-answer.ts';
import { sendToDestination } from '#local/services/lambda/destination.ts';
import type {
  EventSource,
  EventSourceContext,
  EventSourceDefinition,
} from '#local/services/lambda/event-source.ts';
import {
  type BatchEnd,
  decideAfterBatch,
  partExpired,
  type StreamBatch,
  type StreamPolicy,
} from '#local/services/lambda/stream-decision.ts';
import { streamFailureRecord } from '#local/services/lambda/stream-failure-record.ts';
import { gatherBatch, lastSequenceNumber } from '#local/services/lambda/stream-reader.ts';
import type { StreamRecord } from '#local/services/lambda/streams.ts';
import type { Collection } from '#local/state.ts';

export interface StreamSourceDefinition extends EventSourceDefinition {
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly policy: StreamPolicy;
  /** ARN of a queue. */
  readonly onFailure: string | undefined;
}

const checkpoint = z.strictObject({ after: z.string().nullable() });

/**
 * Feeds a stream's records to a function in their order, one batch at a time.
 *
 * The checkpoint moves past what has succeeded or has been given up, and survives a restart; a batch that was cut off
 * comes again. While a failed batch waits for its next try, nothing is under way.
 */
export class StreamSource implements EventSource {
  readonly #definition: StreamSourceDefinition;
  readonly #context: EventSourceContext;
  readonly #checkpoints: Collection;
  readonly #key: string;
  /** What is in hand, oldest first; read anew when empty. */
  #batches: readonly StreamBatch[] = [];
  #retryAtMs = 0;
  #windowEndsAtMs: number | undefined;
  #lastRequest = { requestId: '', isFunctionError: false };
  #isAtWork = false;
  #isWoken = false;
  #stop: (() => void) | undefined;

  constructor(definition: StreamSourceDefinition, context: EventSourceContext) {
    this.#definition = definition;
    this.#context = context;
    this.#checkpoints = context.state.collection('lambda-checkpoints');
    this.#key = `${definition.uuid} ${definition.sourceArn}`;
  }

  /** Fixes where reading begins, when the mapping is new: what is appended from now on is read in any case. */
  async prepare(): Promise<void> {
    if (this.#checkpoints.get(this.#key) !== undefined) return;
    const { startingPosition, sourceArn } = this.#definition;
    const { streams } = this.#context;
    const last =
      startingPosition === 'LATEST' ? await lastSequenceNumber(streams, sourceArn) : undefined;
    this.#checkpoints.set(this.#key, { after: last ?? null });
  }

  start(): void {
    this.#stop = this.#context.streams.onAppend(this.#definition.sourceArn, () => this.#wake());
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #wake(): void {
    this.#isWoken = true;
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    const { activity, log } = this.#context;
    void activity.during(`lambda reading ${this.#definition.sourceArn}`, async () => {
      try {
        while (this.#isWoken) {
          this.#isWoken = false;
          while (await this.#step());
        }
      } catch (error) {
        log(`lambda ${this.#definition.target.name}: reading stopped: ${String(error)}`);
      } finally {
        this.#isAtWork = false;
      }
    });
  }

  /** @returns Whether there may be more to do now. */
  async #step(): Promise<boolean> {
    const { clock, invoker } = this.#context;
    if (!this.#stop || clock.nowMs() < this.#retryAtMs) return false;
    if (this.#batches.length === 0 && !(await this.#gather())) return false;
    const [batch, ...later] = this.#batches;
    if (!batch) return true;
    const { expired, fresh } = partExpired(batch, this.#definition.policy, clock.nowMs());
    if (expired) {
      this.#giveUp(expired, 'RecordAgeExceeded');
      this.#batches = fresh ? [fresh, ...later] : later;
      return true;
    }
    const end = await this.#invoke(batch);
    if (invoker.isClosed) return false;
    this.#follow(batch, end, later);
    return true;
  }

  #follow(batch: StreamBatch, end: BatchEnd, later: readonly StreamBatch[]): void {
    const decision = decideAfterBatch(batch, end, this.#definition.policy);
    if (decision.kind === 'done') {
      this.#moveTo(batch.through);
      this.#batches = later;
      return;
    }
    if (end.kind === 'partly-failed' && end.from > 0)
      this.#moveTo(batch.records[end.from - 1]?.dynamodb.SequenceNumber ?? batch.through);
    if (decision.kind === 'given-up') {
      this.#giveUp(decision.batch, 'RetryAttemptsExhausted');
      this.#batches = later;
      return;
    }
    this.#batches = [...decision.batches, ...later];
    if (decision.waitMs > 0) this.#waitUntil(this.#context.clock.nowMs() + decision.waitMs);
  }

  #waitUntil(atMs: number): void {
    this.#retryAtMs = atMs;
    this.#context.clock.schedule(atMs, () => this.#wake());
  }

  /** @returns Whether it came further: a batch is in hand, or records were passed over. */
  async #gather(): Promise<boolean> {
    const { streams } = this.#context;
    const { sourceArn } = this.#definition;
    const { after } = checkpoint.parse(this.#checkpoints.get(this.#key));
    const from = { streamArn: sourceArn, after: after ?? undefined };
    const { records, through, isFull } = await gatherBatch(streams, from, this.#definition);
    if (through === undefined || through === from.after) return false;
    if (records.length === 0) {
      this.#moveTo(through);
      return true;
    }
    if (!isFull && this.#isWaitingForMore()) return false;
    this.#windowEndsAtMs = undefined;
    this.#batches = [{ records, through, failures: 0, invocations: 0, throttles: 0 }];
    return true;
  }

  /** Books the end of the batching window when its first record has come. */
  #isWaitingForMore(): boolean {
    const { batchingWindowSeconds } = this.#definition;
    const { clock } = this.#context;
    if (batchingWindowSeconds === 0) return false;
    if (this.#windowEndsAtMs === undefined) {
      this.#windowEndsAtMs = clock.nowMs() + batchingWindowSeconds * 1000;
      clock.schedule(this.#windowEndsAtMs, () => this.#wake());
    }
    return clock.nowMs() < this.#windowEndsAtMs;
  }

  async #invoke({ records }: StreamBatch): Promise<BatchEnd> {
    const { target, reportsItemFailures } = this.#definition;
    const { invoker, log } = this.#context;
    const requestId = randomUUID();
    try {
      const end = await invoker.invoke(target.name, {
        requestId,
        payload: () => Buffer.from(JSON.stringify({ Records: records })),
        depth: 0,
      });
      this.#lastRequest = { requestId, isFunctionError: end.isError };
      if (end.isError) return { kind: 'failed' };
      return reportsItemFailures ? batchEnd(end.payload, records) : { kind: 'succeeded' };
    } catch (error) {
      if (!invoker.isClosed) log(`lambda ${target.name}: batch put back: ${String(error)}`);
      return { kind: 'throttled' };
    }
  }

  #giveUp(batch: StreamBatch, condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'): void {
    const { target, sourceArn, onFailure } = this.#definition;
    const { clock, log } = this.#context;
    log(`lambda ${target.name}: gave up ${batch.records.length} records of a stream: ${condition}`);
    if (onFailure !== undefined) {
      const wasInvoked = batch.invocations > 0;
      const record = streamFailureRecord({
        requestId: wasInvoked ? this.#lastRequest.requestId : randomUUID(),
        isFunctionError: this.#lastRequest.isFunctionError,
        functionArn: target.arn,
        streamArn: sourceArn,
        condition,
        batch,
        nowMs: clock.nowMs(),
      });
      sendToDestination(this.#context, target, { queueArn: onFailure, record });
    }
    this.#moveTo(batch.through);
  }

  #moveTo(sequenceNumber: string): void {
    this.#checkpoints.set(this.#key, { after: sequenceNumber });
  }
}

function batchEnd(payload: Buffer, records: readonly StreamRecord[]): BatchEnd {
  const identifiers = records.map((record) => record.dynamodb.SequenceNumber);
  const verdict = batchVerdict(payload, new Set(identifiers));
  if (verdict.kind !== 'partly-failed') return verdict;
  return {
    kind: 'partly-failed',
    from: identifiers.findIndex((identifier) => verdict.identifiers.has(identifier)),
  };
}

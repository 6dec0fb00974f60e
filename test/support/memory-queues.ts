import { createHash, randomUUID } from 'node:crypto';
import type { LocalClock } from '#local/clock.ts';
import type { QueueMessage, Queues } from '#local/services/lambda/queues.ts';

const VISIBILITY_MS = 30_000;

/** One queue in memory, under any ARN, whose messages are hidden for 30 seconds of the clock. */
export class MemoryQueues implements Queues {
  readonly #clock: LocalClock;
  readonly #listeners = new Set<() => void>();
  #messages: { readonly message: QueueMessage; receives: number; visibleAtMs: number }[] = [];

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** The bodies that have not been deleted. */
  get bodies(): readonly string[] {
    return this.#messages.map(({ message }) => message.body);
  }

  send(_queueArn: string, { body }: { readonly body: string }): void {
    const messageId = randomUUID();
    const sentAt = String(this.#clock.nowMs());
    const message: QueueMessage = {
      messageId,
      receiptHandle: `receipt-${messageId}`,
      body,
      md5OfBody: createHash('md5').update(body).digest('hex'),
      attributes: { SentTimestamp: sentAt, SenderId: 'AIDA' },
      messageAttributes: { kind: { stringValue: 'test', dataType: 'String' } },
    };
    this.#messages.push({ message, receives: 0, visibleAtMs: 0 });
    this.#tell();
  }

  receive(_queueArn: string, { maxMessages }: { readonly maxMessages: number }) {
    const nowMs = this.#clock.nowMs();
    const visible = this.#messages.filter((one) => one.visibleAtMs <= nowMs).slice(0, maxMessages);
    for (const one of visible) {
      one.receives += 1;
      one.visibleAtMs = nowMs + VISIBILITY_MS;
      this.#clock.schedule(one.visibleAtMs, () => this.#tell());
    }
    return visible.map(({ message, receives }) => ({
      ...message,
      attributes: { ...message.attributes, ApproximateReceiveCount: String(receives) },
    }));
  }

  delete(_queueArn: string, receiptHandles: readonly string[]): void {
    this.#messages = this.#messages.filter(
      ({ message }) => !receiptHandles.includes(message.receiptHandle),
    );
  }

  onAvailable(_queueArn: string, listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

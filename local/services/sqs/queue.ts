import { randomUUID } from 'node:crypto';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { LiveQueue } from '#local/services/sqs/live-queue.ts';
import { type Message, type MessageContent, message } from '#local/services/sqs/message.ts';
import type { QueueSettings } from '#local/services/sqs/queue-settings.ts';
import type { Collection } from '#local/state.ts';

/** What a queue stands on. */
export interface QueueGround {
  readonly clock: Clock;
  readonly activity: Activity;
  /** The messages' rows, by their order. */
  readonly rows: Collection;
  /** Finds the queue that takes what has been received too often. */
  readonly deadLetterQueue: (arn: string) => Queue | undefined;
}

/** How many messages a queue holds, by where they stand. */
export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * A standard queue.
 *
 *    send ── delay ──▶ visible ── receive ──▶ in flight ── visibility timeout ──▶ visible …
 *                         └── received too often ──▶ dead-letter queue          └── delete
 *
 * Only heads of time-ordered queues are looked at, whatever the number of messages. Retention is applied when someone
 * looks: no one can tell the difference, and the clock has nothing to stop for.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly #ground: QueueGround;
  readonly #messages = new Map<number, Message>();
  readonly #visible = new LiveQueue<Message>(byVisibility, (each) => this.#isCurrent(each));
  readonly #hidden = new LiveQueue<Message>(byVisibility, (each) => this.#isCurrent(each));
  readonly #byAge = new LiveQueue<Message>(byAge, ({ order }) => this.#messages.has(order));
  readonly #listeners = new Set<() => void>();
  #lastOrder = 0;
  #booked: { readonly atMs: number; readonly cancel: () => void } | undefined;
  /** Changed by whoever keeps the queue's own row. */
  settings: QueueSettings;

  constructor(
    { name, arn }: { readonly name: string; readonly arn: string },
    settings: QueueSettings,
    ground: QueueGround,
  ) {
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.#ground = ground;
    for (const [, row] of ground.rows.entries()) this.#take(message.parse(row));
    this.#book();
  }

  /** @param delayMs - Until the message can be received; the queue's own delay when absent. */
  send(
    content: MessageContent,
    { senderId, delayMs }: { readonly senderId: string; readonly delayMs?: number | undefined },
  ): Message {
    const nowMs = this.#ground.clock.nowMs();
    const sent: Message = {
      ...content,
      id: randomUUID(),
      order: this.#lastOrder + 1,
      senderId,
      sentAtMs: nowMs,
      visibleAtMs: nowMs + (delayMs ?? this.settings.DelaySeconds * 1000),
      receiveCount: 0,
      receipt: '',
    };
    this.#store(sent);
    this.#announce();
    return sent;
  }

  /**
   * Takes up to a number of visible messages in flight, oldest first.
   *
   * What has been received too often goes to the dead-letter queue instead, as on AWS only now that someone asks.
   *
   * @param visibilityMs - The queue's own timeout when absent.
   */
  receive(maxMessages: number, visibilityMs?: number): readonly Message[] {
    const nowMs = this.#ground.clock.nowMs();
    const chosen: Message[] = [];
    const givenUp: Message[] = [];
    this.#reveal();
    while (chosen.length < maxMessages) {
      const next = this.#visible.pop();
      if (!next) break;
      (this.#isReceivedTooOften(next) ? givenUp : chosen).push(next);
    }
    // Stored only now: with a visibility timeout of 0 they would be chosen again.
    const received = chosen.map((next) => ({
      ...next,
      receiveCount: next.receiveCount + 1,
      firstReceivedAtMs: next.firstReceivedAtMs ?? nowMs,
      receipt: randomUUID(),
      visibleAtMs: nowMs + (visibilityMs ?? this.settings.VisibilityTimeout * 1000),
    }));
    for (const each of received) this.#store(each);
    this.#giveUp(givenUp);
    return received;
  }

  /** Deletes a message by its latest receipt; an older receipt, or a message that is gone, does nothing. */
  delete(order: number, receipt: string): void {
    if (this.#messages.get(order)?.receipt === receipt) this.#remove(order);
  }

  /**
   * Lets a message in flight be hidden from now for another time.
   *
   * @returns `gone` when there is no such message under that receipt, `visible` when it is not in flight.
   */
  changeVisibility(
    { order, receipt }: Pick<Message, 'order' | 'receipt'>,
    visibilityMs: number,
  ): 'changed' | 'gone' | 'visible' {
    const nowMs = this.#ground.clock.nowMs();
    this.#reveal();
    const present = this.#messages.get(order);
    if (present?.receipt !== receipt) return 'gone';
    if (present.visibleAtMs <= nowMs) return 'visible';
    this.#store({ ...present, visibleAtMs: nowMs + visibilityMs });
    this.#announce();
    return 'changed';
  }

  /** Takes over a message that another queue has given up; its age goes on. */
  accept(given: Message, deadLetterSourceArn: string): void {
    this.#store({
      ...given,
      order: this.#lastOrder + 1,
      receipt: '',
      visibleAtMs: this.#ground.clock.nowMs(),
      deadLetterSourceArn,
    });
    this.#announce();
  }

  purge(): void {
    for (const order of [...this.#messages.keys()]) this.#remove(order);
  }

  counts(): MessageCounts {
    this.#reveal();
    const nowMs = this.#ground.clock.nowMs();
    let [visible, inFlight, delayed] = [0, 0, 0];
    for (const each of this.#messages.values())
      if (each.visibleAtMs <= nowMs) visible += 1;
      else if (each.receipt === '') delayed += 1;
      else inFlight += 1;
    return { visible, inFlight, delayed };
  }

  /**
   * Listens for messages that become visible: sent, or at the end of a delay or a visibility timeout.
   *
   * @param listener - Called at once within the work that made it so; perhaps once too often, never too seldom.
   * @returns Stops listening.
   */
  onAvailable(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Forgets its bookings, for a queue that has been deleted. */
  close(): void {
    this.purge();
    this.#listeners.clear();
    this.#booked?.cancel();
  }

  #isCurrent(each: Message): boolean {
    return this.#messages.get(each.order) === each;
  }

  #isReceivedTooOften({ receiveCount }: Message): boolean {
    const policy = this.settings.RedrivePolicy;
    return (
      policy !== undefined &&
      receiveCount >= policy.maxReceiveCount &&
      this.#ground.deadLetterQueue(policy.deadLetterTargetArn) !== undefined
    );
  }

  /** Stores in the other queue first: a crash in between leaves the message twice, never nowhere. */
  #giveUp(messages: readonly Message[]): void {
    const target = this.#ground.deadLetterQueue(
      this.settings.RedrivePolicy?.deadLetterTargetArn ?? '',
    );
    for (const each of messages) {
      target?.accept(each, this.arn);
      this.#remove(each.order);
    }
  }

  #store(stored: Message): void {
    this.#ground.rows.set(rowKey(stored.order), stored);
    this.#take(stored);
    this.#book();
  }

  #take(taken: Message): void {
    const isNew = !this.#messages.has(taken.order);
    this.#messages.set(taken.order, taken);
    this.#lastOrder = Math.max(this.#lastOrder, taken.order);
    if (isNew) this.#byAge.push(taken);
    const isVisible = taken.visibleAtMs <= this.#ground.clock.nowMs();
    (isVisible ? this.#visible : this.#hidden).push(taken);
  }

  #remove(order: number): void {
    this.#ground.rows.delete(rowKey(order));
    this.#messages.delete(order);
  }

  /** Brings what is hidden up to now: past its time it is visible, past its retention gone. */
  #reveal(): void {
    const nowMs = this.#ground.clock.nowMs();
    const retentionMs = this.settings.MessageRetentionPeriod * 1000;
    for (let oldest = this.#byAge.peek(); oldest; oldest = this.#byAge.peek()) {
      if (oldest.sentAtMs + retentionMs > nowMs) break;
      this.#remove(oldest.order);
    }
    for (let next = this.#hidden.peek(); next; next = this.#hidden.peek()) {
      if (next.visibleAtMs > nowMs) break;
      this.#hidden.pop();
      this.#visible.push(next);
    }
  }

  #announce(): void {
    this.#reveal();
    if (this.#listeners.size === 0 || !this.#visible.peek()) return;
    const end = this.#ground.activity.begin(`sqs messages in ${this.name}`);
    try {
      for (const listener of [...this.#listeners]) listener();
    } finally {
      end();
    }
  }

  /** Books the next end of a delay or timeout; an earlier booking may stay, as waking for nothing does no harm. */
  #book(): void {
    const next = this.#hidden.peek();
    if (!next || (this.#booked && this.#booked.atMs <= next.visibleAtMs)) return;
    this.#booked?.cancel();
    this.#booked = {
      atMs: next.visibleAtMs,
      cancel: this.#ground.clock.schedule(next.visibleAtMs, () => {
        this.#booked = undefined;
        this.#announce();
        this.#book();
      }),
    };
  }
}

function rowKey(order: number): string {
  return String(order).padStart(16, '0');
}

function byVisibility(one: Message, other: Message): number {
  return one.visibleAtMs - other.visibleAtMs || one.order - other.order;
}

function byAge(one: Message, other: Message): number {
  return one.sentAtMs - other.sentAtMs;
}

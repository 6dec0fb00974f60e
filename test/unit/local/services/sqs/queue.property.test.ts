import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { type MessageCounts, Queue } from '#local/services/sqs/queue.ts';
import { queueSettings } from '#local/services/sqs/queue-settings.ts';
import { openState } from '#local/state.ts';

const RETENTION_MS = 60_000;
const MOST_RECEIVES = 3;

interface PlainMessage {
  readonly body: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  /** Where it stands among those that became visible at one instant. */
  readonly order: number;
  receives: number;
}

/** The rules of a queue without any of its art: a list that is searched whole each time. */
class PlainQueue {
  readonly givenUp: string[] = [];
  #messages: PlainMessage[] = [];

  send(body: string, nowMs: number, delayMs: number): void {
    const order = Number(body);
    const visibleAtMs = nowMs + delayMs;
    this.#messages.push({ body, sentAtMs: nowMs, visibleAtMs, order, receives: 0 });
  }

  receive(most: number, nowMs: number, hiddenMs: number): string[] {
    const received: PlainMessage[] = [];
    for (const each of this.#visible(nowMs)) {
      if (received.length === most) break;
      if (each.receives < MOST_RECEIVES) received.push(each);
      else this.#giveUp(each);
    }
    for (const each of received) {
      each.receives += 1;
      each.visibleAtMs = nowMs + hiddenMs;
    }
    return received.map(({ body }) => body);
  }

  delete({ body, receives }: Receipt): void {
    this.#messages = this.#messages.filter(
      (each) => each.body !== body || each.receives !== receives,
    );
  }

  changeVisibility({ body, receives }: Receipt, nowMs: number, hiddenMs: number): string {
    const found = this.#living(nowMs).find((each) => each.body === body);
    if (found?.receives !== receives) return 'gone';
    if (found.visibleAtMs <= nowMs) return 'visible';
    found.visibleAtMs = nowMs + hiddenMs;
    return 'changed';
  }

  counts(nowMs: number): MessageCounts {
    const hidden = this.#living(nowMs).filter(({ visibleAtMs }) => visibleAtMs > nowMs);
    const delayed = hidden.filter(({ receives }) => receives === 0).length;
    const visible = this.#visible(nowMs).length;
    return { visible, inFlight: hidden.length - delayed, delayed };
  }

  #living(nowMs: number): PlainMessage[] {
    return this.#messages.filter(({ sentAtMs }) => sentAtMs + RETENTION_MS > nowMs);
  }

  #visible(nowMs: number): PlainMessage[] {
    return this.#living(nowMs)
      .filter(({ visibleAtMs }) => visibleAtMs <= nowMs)
      .sort((one, other) => one.visibleAtMs - other.visibleAtMs || one.order - other.order);
  }

  #giveUp(given: PlainMessage): void {
    this.givenUp.push(given.body);
    this.#messages = this.#messages.filter((each) => each !== given);
  }
}

/** How a receive named a message: which it was, and the handle. */
interface Receipt {
  readonly body: string;
  readonly receives: number;
  readonly handle: { readonly order: number; readonly receipt: string };
}

function aQueue(clock: LocalClock, activity: Activity, dead?: Queue): Queue {
  const name = dead ? 'jobs' : 'dead';
  const settings = queueSettings.parse({
    MessageRetentionPeriod: RETENTION_MS / 1000,
    RedrivePolicy: dead && { deadLetterTargetArn: dead.arn, maxReceiveCount: MOST_RECEIVES },
  });
  return new Queue({ name, arn: `arn:${name}` }, settings, {
    clock,
    activity,
    rows: openState().collection(name),
    deadLetterQueue: (arn) => (arn === dead?.arn ? dead : undefined),
  });
}

/** A queue and the plain one beside it. */
class Pair {
  readonly clock: LocalClock;
  readonly queue: Queue;
  readonly dead: Queue;
  readonly plain = new PlainQueue();
  readonly receipts: Receipt[] = [];
  announcements = 0;
  sent = 0;

  constructor() {
    const activity = new Activity();
    this.clock = new LocalClock(activity, 0);
    this.dead = aQueue(this.clock, activity);
    this.queue = aQueue(this.clock, activity, this.dead);
    this.queue.onAvailable(() => {
      this.announcements += 1;
      if (this.sent > 0) expect(this.plain.counts(this.clock.nowMs()).visible).toBeGreaterThan(0);
    });
  }
}

type Step = (pair: Pair) => Promise<void> | void;

const seconds = fc.integer({ min: 0, max: 20 });

const send = seconds.map(
  (delay): Step =>
    (pair) => {
      const before = pair.announcements;
      pair.sent += 1;
      const body = String(pair.sent);
      pair.plain.send(body, pair.clock.nowMs(), delay * 1000);
      pair.queue.send({ body, attributes: {} }, { senderId: 'test', delayMs: delay * 1000 });
      if (delay === 0) expect(pair.announcements).toBe(before + 1);
    },
);

const receive = fc.tuple(fc.integer({ min: 1, max: 4 }), seconds).map(
  ([most, hidden]): Step =>
    (pair) => {
      const expected = pair.plain.receive(most, pair.clock.nowMs(), hidden * 1000);
      const received = pair.queue.receive(most, hidden * 1000);
      expect(received.map(({ body }) => body)).toEqual(expected);
      for (const { body, receiveCount, order, receipt } of received)
        pair.receipts.push({ body, receives: receiveCount, handle: { order, receipt } });
    },
);

const remove = fc.nat(9).map(
  (which): Step =>
    (pair) => {
      const receipt = pair.receipts[which];
      if (!receipt) return;
      pair.plain.delete(receipt);
      pair.queue.delete(receipt.handle.order, receipt.handle.receipt);
    },
);

const change = fc.tuple(fc.nat(9), seconds).map(
  ([which, hidden]): Step =>
    (pair) => {
      const receipt = pair.receipts[which];
      if (!receipt) return;
      const expected = pair.plain.changeVisibility(receipt, pair.clock.nowMs(), hidden * 1000);
      expect(pair.queue.changeVisibility(receipt.handle, hidden * 1000)).toBe(expected);
    },
);

const advance = fc.integer({ min: 1, max: 25 }).map(
  (by): Step =>
    (pair) =>
      pair.clock.advanceBy(by * 1000),
);

it('holds, shows and gives up messages as a plain list of them would', async () => {
  const steps = fc.array(fc.oneof(send, receive, remove, change, advance), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const pair = new Pair();

      for (const step of taken) {
        await step(pair);
        expect(pair.queue.counts()).toEqual(pair.plain.counts(pair.clock.nowMs()));
      }

      const held = pair.dead.receive(1000).map(({ body }) => body);
      expect(pair.plain.givenUp).toEqual(expect.arrayContaining(held));
    }),
  );
});

it('books the clock once for a queue that is used for long', () => {
  const { clock, queue } = new Pair();
  const booked: number[] = [];
  const { schedule } = clock;
  clock.schedule = (atMs, run) => {
    booked.push(atMs);
    return schedule.call(clock, atMs, run);
  };

  for (let round = 0; round < 2000; round += 1) {
    const { order, receipt } = sendAndReceive(queue);
    queue.delete(order, receipt);
  }

  expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(booked).toEqual([30_000]);
});

function sendAndReceive(queue: Queue): { order: number; receipt: string } {
  queue.send({ body: 'x', attributes: {} }, { senderId: 'test' });
  const [message] = queue.receive(1);
  if (!message) throw new Error('Expected a message.');
  return message;
}

import TinyQueue from 'tinyqueue';
import type { Activity } from '#local/activity.ts';

/** The time as a local service sees it: it reads and books, and never sets. */
export interface Clock {
  /** The current time in epoch milliseconds. */
  nowMs(): number;
  /** 0 while the clock stands still, 1 while it runs with real time. */
  readonly rate: ClockRate;
  /**
   * Books work for an instant; one that has passed is run at the next opportunity.
   *
   * @param atMs - Epoch milliseconds.
   * @param run - Runs once, inside an activity of the clock's own. Must not reject: a rejection ends the process.
   * @returns Cancels the booking; does nothing once it has run.
   */
  schedule(atMs: number, run: () => Promise<void> | void): () => void;
}

export type ClockRate = 0 | 1;

interface Booking {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => Promise<void> | void;
  isCancelled: boolean;
}

/** Longest wait that Node's timers take; a longer one fires at once. See https://nodejs.org/api/timers.html */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The one clock of a local cloud.
 *
 * Running, it follows real time at an offset. Stopped, it moves only by `advanceTo`, which takes the booked work in
 * order and lets everything that follows from it finish before it moves on.
 */
export class LocalClock implements Clock {
  readonly #activity: Activity;
  readonly #bookings = new TinyQueue<Booking>([], byTimeThenOrder);
  #order = 0;
  #rate: ClockRate;
  #stoppedAtMs: number;
  #offsetMs: number;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param start - An epoch millisecond to stand still at, or `real` to follow this machine's clock. */
  constructor(activity: Activity, start: 'real' | number) {
    this.#activity = activity;
    this.#rate = start === 'real' ? 1 : 0;
    this.#stoppedAtMs = start === 'real' ? Date.now() : start;
    this.#offsetMs = this.#stoppedAtMs - Date.now();
  }

  nowMs(): number {
    return this.#rate === 0 ? this.#stoppedAtMs : Date.now() + this.#offsetMs;
  }

  get rate(): ClockRate {
    return this.#rate;
  }

  schedule(atMs: number, run: () => Promise<void> | void): () => void {
    this.#order += 1;
    const booking: Booking = { atMs, order: this.#order, run, isCancelled: false };
    this.#bookings.push(booking);
    this.#arm();
    return () => {
      booking.isCancelled = true;
    };
  }

  /** Stops the clock where it is, or lets it run on from there. */
  setRate(rate: ClockRate): void {
    const nowMs = this.nowMs();
    this.#rate = rate;
    this.#stoppedAtMs = nowMs;
    this.#offsetMs = nowMs - Date.now();
    this.#arm();
  }

  /**
   * Moves a stopped clock forward, running what is booked on the way in order of time, then of booking.
   *
   * @param targetMs - Epoch milliseconds, not before now.
   * @returns When everything that was due has finished, and nothing is under way.
   */
  async advanceTo(targetMs: number): Promise<void> {
    if (this.#rate !== 0)
      throw new Error('Expected the clock to be stopped before it is advanced.');
    if (targetMs < this.#stoppedAtMs)
      throw new Error('Expected the clock to be advanced to a later instant.');
    await this.#activity.settle();
    for (let due = this.#takeDue(targetMs); due; due = this.#takeDue(targetMs)) {
      this.#stoppedAtMs = Math.max(this.#stoppedAtMs, due.atMs);
      await this.#run(due);
      await this.#activity.settle();
    }
    this.#stoppedAtMs = targetMs;
    await this.#activity.settle();
  }

  /** Moves a stopped clock forward by a number of milliseconds, as {@link advanceTo} does. */
  advanceBy(milliseconds: number): Promise<void> {
    return this.advanceTo(this.nowMs() + milliseconds);
  }

  /** Forgets what is booked; nothing runs afterwards. */
  close(): void {
    this.#closed = true;
    while (this.#bookings.length > 0) this.#bookings.pop();
    clearTimeout(this.#timer);
  }

  #earliest(): Booking | undefined {
    while (this.#bookings.peek()?.isCancelled) this.#bookings.pop();
    return this.#bookings.peek();
  }

  #takeDue(targetMs: number): Booking | undefined {
    const earliest = this.#earliest();
    return earliest && earliest.atMs <= targetMs ? this.#bookings.pop() : undefined;
  }

  #run(booking: Booking): Promise<void> {
    return this.#activity.during('clock booking', booking.run);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#rate === 0 || this.#closed) return;
    const earliest = this.#earliest();
    if (!earliest) return;
    const waitMs = Math.min(Math.max(earliest.atMs - this.nowMs(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#wake(), waitMs);
    this.#timer.unref();
  }

  #wake(): void {
    for (let due = this.#takeDue(this.nowMs()); due; due = this.#takeDue(this.nowMs()))
      void this.#run(due);
    this.#arm();
  }
}

function byTimeThenOrder(one: Booking, other: Booking): number {
  return one.atMs - other.atMs || one.order - other.order;
}

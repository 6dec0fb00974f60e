import TinyQueue from 'tinyqueue';
import type { Clock } from '#local/clock.ts';

/** Something that ends at an instant, unless it has ended or been replaced before. */
export interface Expiring {
  readonly atMs: number;
  readonly isCurrent: () => boolean;
  readonly expire: () => void;
}

/** Ends things at their instants, with one booking on the clock for the earliest, and none when nothing will end. */
export class ExpiryQueue {
  readonly #clock: Clock;
  #waiting = new TinyQueue<Expiring>([], byTime);
  #booked: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(expiring: Expiring): void {
    this.#waiting.push(expiring);
    this.rebook();
  }

  /** Forgets everything, as when the rules have changed. */
  clear(): void {
    this.#waiting = new TinyQueue<Expiring>([], byTime);
    this.rebook();
  }

  /** Books the earliest thing that is still current; call it when one may have ended. */
  rebook(): void {
    const earliest = this.#earliest();
    if (this.#booked?.atMs === earliest?.atMs) return;
    this.#booked?.cancel();
    this.#booked = earliest && {
      atMs: earliest.atMs,
      cancel: this.#clock.schedule(earliest.atMs, () => this.#expireDue(earliest.atMs)),
    };
  }

  #earliest(): Expiring | undefined {
    while (this.#waiting.peek()?.isCurrent() === false) this.#waiting.pop();
    return this.#waiting.peek();
  }

  #expireDue(atMs: number): void {
    this.#booked = undefined;
    for (let due = this.#earliest(); due && due.atMs <= atMs; due = this.#earliest()) {
      this.#waiting.pop();
      due.expire();
    }
    this.rebook();
  }
}

function byTime(one: Expiring, other: Expiring): number {
  return one.atMs - other.atMs;
}

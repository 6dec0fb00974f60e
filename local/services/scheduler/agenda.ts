import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';

/** How many entries that are due at once are worked on before other work gets its turn. */
const ENTRIES_PER_TURN = 200;

interface Slot {
  readonly keys: Set<string>;
  readonly cancel: () => void;
}

/** Whom an agenda reminds, and how. */
export interface AgendaOptions {
  readonly clock: Clock;
  readonly activity: Activity;
  /** Names the work to who asks what is under way. */
  readonly what: string;
  /** Must not throw. */
  readonly onDue: (key: string) => void;
}

/**
 * Reminds of keys, each at its own instant, with one booking of the clock per instant: ten thousand schedules that are
 * due together are one booking.
 */
export class Agenda {
  readonly #options: AgendaOptions;
  readonly #slots = new Map<number, Slot>();
  readonly #instants = new Map<string, number>();

  constructor(options: AgendaOptions) {
    this.#options = options;
  }

  /** Notes a key for an instant, in place of the one that it had. */
  book(key: string, atMs: number): void {
    this.cancel(key);
    this.#instants.set(key, atMs);
    const slot = this.#slots.get(atMs);
    if (slot) slot.keys.add(key);
    else this.#open(key, atMs);
  }

  /** Forgets a key. */
  cancel(key: string): void {
    const atMs = this.#instants.get(key);
    if (atMs === undefined) return;
    this.#instants.delete(key);
    const slot = this.#slots.get(atMs);
    slot?.keys.delete(key);
    if (slot?.keys.size !== 0) return;
    this.#slots.delete(atMs);
    slot.cancel();
  }

  /** Forgets all keys. */
  clear(): void {
    for (const slot of this.#slots.values()) slot.cancel();
    this.#slots.clear();
    this.#instants.clear();
  }

  #open(key: string, atMs: number): void {
    const keys = new Set([key]);
    const cancel = this.#options.clock.schedule(atMs, () =>
      this.#options.activity.during(this.#options.what, () => this.#remind(atMs, keys)),
    );
    this.#slots.set(atMs, { keys, cancel });
  }

  async #remind(atMs: number, keys: ReadonlySet<string>): Promise<void> {
    // What is booked for this instant from now on needs a booking of its own.
    this.#slots.delete(atMs);
    const waiting = [...keys];
    for (const [index, key] of waiting.entries()) {
      if (index > 0 && index % ENTRIES_PER_TURN === 0) await nextTurn();
      // Meanwhile it may have been cancelled, or moved to another instant.
      if (this.#instants.get(key) !== atMs || this.#slots.get(atMs)?.keys.has(key)) continue;
      this.#instants.delete(key);
      this.#options.onDue(key);
    }
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Knows whether anything is under way in the local cloud: a request, an invocation, a stream record or message in hand.
 *
 * Work that causes other work must begin the other before it ends itself; then the count touches zero only when
 * all is done. Work that waits for the clock is not under way.
 */
export class Activity {
  readonly #underWay = new Map<symbol, string>();
  #waiting: (() => void)[] = [];

  /**
   * Marks a piece of work as begun.
   *
   * @param what - Shown when someone asks what is under way, as `lambda Invoke serve-api`.
   * @returns Ends it; calling it again does nothing.
   */
  begin(what: string): () => void {
    const key = Symbol(what);
    this.#underWay.set(key, what);
    return () => {
      if (!this.#underWay.delete(key) || this.#underWay.size > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    };
  }

  /** Runs work between a begin and its end, whichever way it ends. */
  async during<T>(what: string, work: () => Promise<T> | T): Promise<T> {
    const end = this.begin(what);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Lists what is under way, oldest first, for a message that explains a wait. */
  underWay(): readonly string[] {
    return [...this.#underWay.values()];
  }

  /** Resolves once nothing is under way, and nothing has begun for three turns of the event loop. */
  async settle(): Promise<void> {
    let quietTurns = 0;
    while (quietTurns < 3) {
      if (this.#underWay.size > 0) {
        quietTurns = 0;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      await nextTurn();
      quietTurns = this.#underWay.size > 0 ? 0 : quietTurns + 1;
    }
  }
}

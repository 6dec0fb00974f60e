/** What tells those who wait apart. */
export interface Waiting {
  readonly functionName: string;
  readonly depth: number;
}

interface Place<Waiter> {
  readonly waiter: Waiter;
  /** Counts who came before. */
  readonly order: number;
}

/**
 * Those who wait for a place, in the order of coming.
 *
 * Whoever waits for the same function at the same depth stands in one row, whose first alone is asked whether it may enter: ten thousand
 * events of one function cost no more to look through than one.
 */
export class WaitingLine<Waiter extends Waiting> {
  readonly #rows = new Map<string, Map<Waiter, Place<Waiter>>>();
  #count = 0;

  add(waiter: Waiter): void {
    this.#count += 1;
    const name = rowOf(waiter);
    const row = this.#rows.get(name) ?? new Map<Waiter, Place<Waiter>>();
    this.#rows.set(name, row.set(waiter, { waiter, order: this.#count }));
  }

  /** Takes one out who waits no longer; does nothing where it has been taken already. */
  remove(waiter: Waiter): void {
    const name = rowOf(waiter);
    const row = this.#rows.get(name);
    row?.delete(waiter);
    if (row?.size === 0) this.#rows.delete(name);
  }

  /**
   * Takes out who came first of those who may enter.
   *
   * @param mayEnter - Answers the same for everyone of one function and depth.
   */
  takeFirst(mayEnter: (waiter: Waiter) => boolean): Waiter | undefined {
    let first: Place<Waiter> | undefined;
    for (const row of this.#rows.values()) {
      const [head] = row.values();
      if (head && (!first || head.order < first.order) && mayEnter(head.waiter)) first = head;
    }
    if (first) this.remove(first.waiter);
    return first?.waiter;
  }

  /** Takes everyone out, and lists them. */
  clear(): readonly Waiter[] {
    const everyone = [...this.#rows.values()].flatMap((row) => [...row.keys()]);
    this.#rows.clear();
    return everyone;
  }
}

function rowOf({ functionName, depth }: Waiting): string {
  return `${functionName} ${depth}`;
}

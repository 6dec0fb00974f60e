import TinyQueue from 'tinyqueue';

/** A queue shorter than this is not worth clearing of what is dead. */
const SHORTEST_TO_CLEAR = 64;

/**
 * A priority queue whose entries may die while they wait: the dead are passed over, and cleared out once they may
 * outnumber the living, so that neither time nor room grows with what has been.
 */
export class LiveQueue<Entry> {
  readonly #compare: (one: Entry, other: Entry) => number;
  readonly #isLive: (entry: Entry) => boolean;
  #queue: TinyQueue<Entry>;
  #clearAt = SHORTEST_TO_CLEAR;

  constructor(compare: (one: Entry, other: Entry) => number, isLive: (entry: Entry) => boolean) {
    this.#compare = compare;
    this.#isLive = isLive;
    this.#queue = new TinyQueue<Entry>([], compare);
  }

  push(entry: Entry): void {
    if (this.#queue.length >= this.#clearAt) this.#clear();
    this.#queue.push(entry);
  }

  /** Gives the first living entry. */
  peek(): Entry | undefined {
    for (let first = this.#queue.peek(); first !== undefined; first = this.#queue.peek()) {
      if (this.#isLive(first)) return first;
      this.#queue.pop();
    }
    return undefined;
  }

  /** Takes the first living entry out. */
  pop(): Entry | undefined {
    return this.peek() === undefined ? undefined : this.#queue.pop();
  }

  #clear(): void {
    const living = this.#queue.data.filter(this.#isLive);
    this.#queue = new TinyQueue<Entry>(living, this.#compare);
    this.#clearAt = Math.max(SHORTEST_TO_CLEAR, living.length * 2);
  }
}

import type { Call, FaultableCall } from '#local/faults.ts';

/** How often one caller made one call. */
export interface RequestCount extends Call {
  readonly count: number;
}

/** A call that has been answered, as a listener sees it. */
export interface AnsweredRequest extends FaultableCall {
  readonly status: number;
  /** What went over the wire, as a DynamoDB answer with its `ConsumedCapacity`. */
  readonly responseBody: string | Uint8Array;
}

/**
 * Counts the requests that reach the local services, so that what a job costs can be held to a figure.
 *
 * A call counts once its operation is known, whether or not it is granted or succeeds afterwards: AWS bills those too.
 */
export class RequestLog {
  readonly #counts = new Map<string, RequestCount>();
  readonly #listeners = new Set<(answered: AnsweredRequest) => void>();

  /** Counts a call. */
  count({ service, operation, caller }: Call): void {
    const key = JSON.stringify([caller, service, operation]);
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { caller, service, operation, count });
  }

  /** Hands an answer to whoever listens; it is kept nowhere. */
  answered(answered: AnsweredRequest): void {
    for (const listener of this.#listeners) listener(answered);
  }

  /**
   * Listens to answers from now on.
   *
   * @returns Stops listening.
   */
  subscribe(listener: (answered: AnsweredRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives the counts since the last reset, in the order in which each was first made. */
  snapshot(): readonly RequestCount[] {
    return [...this.#counts.values()];
  }

  /** Starts again from zero. */
  reset(): void {
    this.#counts.clear();
  }
}

import { createHash } from 'node:crypto';
import { schedulerFault } from '#local/services/scheduler/scheduler-fault.ts';

interface Remembered {
  readonly bodyHash: string;
  readonly atMs: number;
}

/** One request that carries a ClientToken. */
export interface TokenedRequest {
  /** What it acts on, as `CreateSchedule default/nightly`. */
  readonly subject: string;
  readonly token: string | undefined;
  /** Everything that must be the same for it to be the same request. */
  readonly body: unknown;
}

/**
 * Remembers which requests took effect, for a while: an SDK that lost the answer sends the request again under the same
 * token, and must not be told that its schedule exists already.
 *
 * It remembers in memory only: a request repeated across a restart is a new one.
 */
export class ClientTokens {
  readonly #windowMs: number;
  readonly #known = new Map<string, Remembered>();

  /** @param windowMs - How long a token is remembered. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * Tells whether a request has taken effect before.
   *
   * @throws {ServiceFault} `ConflictException` when the token came with another request.
   */
  isRepeated({ subject, token, body }: TokenedRequest, nowMs: number): boolean {
    const known = this.#known.get(`${subject} ${token}`);
    if (token === undefined || !known || nowMs - known.atMs > this.#windowMs) return false;
    if (known.bodyHash === hash(body)) return true;
    throw schedulerFault(
      'ConflictException',
      `The ClientToken ${token} was used with a different request.`,
    );
  }

  /** Notes that a request took effect. */
  remember({ subject, token, body }: TokenedRequest, nowMs: number): void {
    this.#forgetOld(nowMs);
    if (token !== undefined)
      this.#known.set(`${subject} ${token}`, { bodyHash: hash(body), atMs: nowMs });
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.#known) {
      // Kept in order of time, so the first that is young ends the search.
      if (nowMs - atMs <= this.#windowMs) return;
      this.#known.delete(key);
    }
  }
}

function hash(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64');
}

import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import type { StoreParts } from '#local/services/dynamodb/dynalite-store.ts';
import { readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  expiryOf,
  lastSecondOfPass,
  OLDEST_EXPIRY_SECONDS,
  passAtMs,
} from '#local/services/dynamodb/expiry.ts';
import { type ItemChange, itemChange } from '#local/services/dynamodb/item-change.ts';
import { EXPIRIES, expiryKey, parseExpiryKey, rangeOf } from '#local/services/dynamodb/keys.ts';
import type { Writer } from '#local/services/dynamodb/writer.ts';

/** Whom a stream record names for an expired item. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
const TIME_TO_LIVE = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

/** Items deleted at one go, so that callers need not wait for a whole pass. */
const ITEMS_PER_BATCH = 100;

interface SweeperParts extends StoreParts {
  readonly activity: Activity;
  readonly clock: Clock;
}

/**
 * Deletes expired items on the clock.
 *
 * A pass is booked only while there is something to delete, so that a stopped clock is not asked to go on for ever.
 */
export class ExpirySweeper {
  readonly #activity: Activity;
  readonly #clock: Clock;
  readonly #parts: StoreParts;
  readonly #writer: Writer;
  #booked: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #closed = false;

  constructor(parts: SweeperParts, writer: Writer) {
    this.#activity = parts.activity;
    this.#clock = parts.clock;
    this.#parts = parts;
    this.#writer = writer;
    writer.onExpiry((second) => this.#book(second));
  }

  /** Books the pass for what expires first of all that is stored. */
  async bookNext(): Promise<void> {
    if (this.#closed) return;
    const oldest = Math.floor(this.#clock.nowMs() / 1000) - OLDEST_EXPIRY_SECONDS;
    const range = { gte: expiryKey(oldest), lt: rangeOf(EXPIRIES).lt, limit: 1 };
    for await (const key of this.#parts.database.keys(range))
      this.#book(parseExpiryKey(key).second);
  }

  close(): void {
    this.#closed = true;
    this.#booked?.cancel();
  }

  #book(second: number): void {
    const nowMs = this.#clock.nowMs();
    if (this.#closed || second < nowMs / 1000 - OLDEST_EXPIRY_SECONDS) return;
    const atMs = Math.max(passAtMs(second), nowMs);
    if (this.#booked && this.#booked.atMs <= atMs) return;
    this.#booked?.cancel();
    this.#booked = { atMs, cancel: this.#clock.schedule(atMs, () => this.#named()) };
  }

  #named(): Promise<void> {
    return this.#activity.during('dynamodb deletes what has expired', () => this.#pass());
  }

  async #pass(): Promise<void> {
    this.#booked = undefined;
    let isDone = false;
    while (!isDone && !this.#closed)
      isDone = await this.#writer.exclusively(() => this.#deleteSome());
    await this.#writer.exclusively(() => this.bookNext());
  }

  async #deleteSome(): Promise<boolean> {
    if (this.#closed) return true;
    const nowMs = this.#clock.nowMs();
    const range = {
      gte: expiryKey(Math.floor(nowMs / 1000) - OLDEST_EXPIRY_SECONDS),
      lt: expiryKey(lastSecondOfPass(nowMs) + 1),
      limit: ITEMS_PER_BATCH,
    };
    const found: string[] = [];
    for await (const key of this.#parts.database.keys(range)) found.push(key);
    const changes = await Promise.all(found.map((key) => this.#removalOf(key)));
    await this.#writer.commit(
      changes.filter((change) => change !== undefined),
      {
        userIdentity: TIME_TO_LIVE,
        operations: found.map((key) => ({ type: 'del', key })),
      },
    );
    return found.length < ITEMS_PER_BATCH;
  }

  /** An entry may be left over from a table that was changed; only what the item itself says counts. */
  async #removalOf(entry: string): Promise<ItemChange | undefined> {
    const { second, tableName, key } = parseExpiryKey(entry);
    const table = this.#parts.tables.find(tableName);
    const oldItem = await readingOnly(this.#parts.database).get(tableName, key);
    if (table === undefined || expiryOf(table, oldItem) !== second) return undefined;
    return itemChange({ table, key, oldItem, newItem: undefined });
  }
}

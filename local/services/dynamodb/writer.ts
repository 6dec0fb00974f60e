import { isSameItem } from '#local/services/dynamodb/attribute-value.ts';
import { totalUnits, type UsedCapacity } from '#local/services/dynamodb/consumed-capacity.ts';
import type { DatabaseOperation } from '#local/services/dynamodb/database.ts';
import type { StoreParts } from '#local/services/dynamodb/dynalite-store.ts';
import { expiryOf, expiryOperations } from '#local/services/dynamodb/expiry.ts';
import type { ItemChange } from '#local/services/dynamodb/item-change.ts';
import { entriesPrefix, itemsPrefix } from '#local/services/dynamodb/keys.ts';
import type { UserIdentity } from '#local/services/dynamodb/stream-record.ts';
import type { Streams } from '#local/services/dynamodb/streams.ts';
import { captureWrites, type WriteCapture } from '#local/services/dynamodb/write-capture.ts';

/**
 * Makes all writes, one after the other.
 *
 * A write's whole effect is one batch of the database: the item, its index entries, its place in the order of
 * expiries, its stream record, the sequence number that the record used, and a transaction's token. LevelDB puts a
 * batch into its log as one checksummed record, and reads a torn one as absent. So after a kill at any instant
 * either all of it is there or none of it: no item without its record, no record without its item, no number twice.
 * The batch is not synced to disk: a power cut may lose the last writes, but always the last, and each one whole.
 *
 * Only when the batch is made do listeners hear of it, and after them the caller gets its answer. A crash before
 * leaves a write that nobody was told of: its consumers find the record when they read on from their position,
 * and the caller repeats the call, as it must on AWS.
 */
export class Writer {
  readonly #parts: StoreParts;
  readonly #streams: Streams;
  readonly #writeUnits = new Map<string, number>();
  /** Told the expiry seconds of what was written. */
  #onExpiry: (second: number) => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: StoreParts, streams: Streams) {
    this.#parts = parts;
    this.#streams = streams;
  }

  /** Runs work that reads and then writes, alone. It must not call itself from within. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Makes a store in which dynalite's actions can write; within {@link exclusively} only. */
  capture(): WriteCapture {
    return captureWrites(this.#parts);
  }

  /**
   * Makes changes, all or none; within {@link exclusively} only. One that changes nothing leaves no trace.
   *
   * @param options.userIdentity - Who writes, where it is no caller.
   * @param options.operations - Further changes of the database that must not part from these.
   */
  async commit(
    changes: readonly ItemChange[],
    options: {
      readonly userIdentity?: UserIdentity;
      readonly operations?: readonly DatabaseOperation[];
    } = {},
  ): Promise<void> {
    const effective = changes.filter((change) => !isSameItem(change.oldItem, change.newItem));
    const operations = [
      ...(options.operations ?? []),
      ...effective.flatMap(itemOperations),
      ...this.#streams.recordsOf(effective, options.userIdentity),
    ];
    if (operations.length === 0) return;
    await this.#parts.database.batch(operations);
    for (const change of effective) {
      const second = expiryOf(change.table, change.newItem);
      if (second !== undefined) this.#onExpiry(second);
    }
    this.#streams.announce(effective.map((change) => change.table));
  }

  /** Names the one that books the deletion of what expires. */
  onExpiry(listener: (second: number) => void): void {
    this.#onExpiry = listener;
  }

  /** Adds to the count of write units; refused writes cost too, though AWS answers them without a figure. */
  count(used: UsedCapacity): void {
    const units = (this.#writeUnits.get(used.tableName) ?? 0) + totalUnits(used);
    this.#writeUnits.set(used.tableName, units);
  }

  /** The write units that a table has used since the start, its indexes included. */
  writeUnits(tableName: string): number {
    return this.#writeUnits.get(tableName) ?? 0;
  }
}

function itemOperations(change: ItemChange): readonly DatabaseOperation[] {
  const tableName = change.table.schema.TableName;
  const key = itemsPrefix(tableName) + change.key;
  return [
    change.newItem === undefined
      ? { type: 'del', key }
      : { type: 'put', key, value: JSON.stringify(change.newItem) },
    ...change.indexChanges.flatMap(({ index, before, after }): DatabaseOperation[] => {
      const prefix = entriesPrefix(tableName, index.IndexName);
      const isMoved = before !== undefined && before.key !== after?.key;
      return [
        ...(isMoved ? [{ type: 'del', key: prefix + before.key } as const] : []),
        ...(after === undefined
          ? []
          : [{ type: 'put', key: prefix + after.key, value: JSON.stringify(after.item) } as const]),
      ];
    }),
    ...expiryOperations(change),
  ];
}

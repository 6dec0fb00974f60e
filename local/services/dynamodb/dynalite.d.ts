/**
 * The part of dynalite 4 that the local DynamoDB stands on. The package has no types of its own, and its entry point
 * hides the store, so its modules are imported one by one.
 *
 * @see https://github.com/architect/dynalite
 */
declare module 'dynalite/db/index.js' {
  import type { Item } from '#local/services/dynamodb/attribute-value.ts';
  import type { TableSchema } from '#local/services/dynamodb/table.ts';

  type Callback<T> = (error: unknown, value?: T) => void;

  /** A refused request: `undefined` or `null` stands for a valid one. */
  export type Invalid = Error | null | undefined;

  /** A range of keys, as level takes it. */
  export interface KeyRange {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }

  /** What the actions ask of a table's items. */
  export interface ItemDb {
    get(key: string, callback: Callback<Item>): void;
    put(key: string, item: Item, callback: Callback<never>): void;
    del(key: string, callback: Callback<never>): void;
    /** `run` gets a function that wraps the callback so that it releases the lock first. */
    lock(key: string, run: (release: <F>(callback: F) => F) => void): void;
    createValueStream(range: KeyRange): NodeJS.ReadableStream;
  }

  /** What the actions and validations ask of the store. */
  export interface DynaliteStore {
    readonly options: { readonly maxItemSize: number };
    readonly tableDb: { readonly awsAccountId: string; readonly awsRegion: string };
    getTable(name: string, callback: Callback<TableSchema>): void;
    getItemDb(tableName: string): ItemDb;
    getIndexDb(kind: string, tableName: string, indexName: string): ItemDb;
  }

  /** Orders as DynamoDB does within a partition; characters are hexadecimal digits, `/` and `~`. */
  export function createKey(
    item: Item,
    table: TableSchema,
    keySchema?: TableSchema['KeySchema'],
  ): string;
  /** Bytes of an item by DynamoDB's rules, except that it counts a string's UTF-16 units. */
  export function itemSize(item: Item): number;
  export function validateKey(key: Item, table: TableSchema): Invalid;
  export function validateItem(item: Item, table: TableSchema): Invalid;
  export function validateUpdates(
    attributeUpdates: object | undefined,
    expression: object | undefined,
    table: TableSchema,
  ): Invalid;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';

  /** A schema of parameters in dynalite's own words. */
  export interface ParameterTypes {
    readonly [parameter: string]: string | ParameterType;
  }
  export interface ParameterType {
    readonly type: string;
    readonly [constraint: string]: unknown;
  }

  /**
   * Drops unknown parameters and converts known ones, in place too.
   *
   * @typeParam Data - The shape that `types` promises.
   * @throws an error with DynamoDB's `SerializationException` as its body.
   */
  export function checkTypes<Data>(body: object, types: ParameterTypes): Data;
  /** @throws an error with DynamoDB's `ValidationException` as its body. */
  export const checkValidations: <Data>(
    ...request: [
      data: Data,
      types: ParameterTypes,
      custom: ((data: Data, store: DynaliteStore) => string | undefined) | undefined,
      store: DynaliteStore,
    ]
  ) => void;
}

declare module 'dynalite/validations/*.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';
  import type { ParameterTypes } from 'dynalite/validations/index.js';

  export const types: ParameterTypes;
  /** Parses expressions into the data, and says what is wrong with it. */
  export const custom: ((data: object, store: DynaliteStore) => string | undefined) | undefined;
}

declare module 'dynalite/actions/*.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';
  import type { ActionOutput } from '#local/services/dynamodb/run-action.ts';

  function action(
    store: DynaliteStore,
    data: object,
    callback: (error: unknown, output?: ActionOutput) => void,
  ): void;
  export = action;
}

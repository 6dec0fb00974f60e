import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { KeyRange } from 'dynalite/db/index.js';
import { MemoryLevel } from 'memory-level';

/** One change of the database. */
export type DatabaseOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** An ordered store of texts; everything that the local DynamoDB knows lies in one, so that one batch can hold it all. */
export interface Database {
  get(key: string): Promise<string | undefined>;
  /** Makes all changes or none, also across a crash of the process. */
  batch(operations: DatabaseOperation[]): Promise<void>;
  keys(range: KeyRange): AsyncIterable<string>;
  values(range: KeyRange): AsyncIterable<string>;
  iterator(range: KeyRange): AsyncIterable<[key: string, value: string]>;
  clear(range: KeyRange): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database.
 *
 * @param dataDir - Where it lies on disk, in LevelDB files under `dynamodb/`; in memory when absent.
 * @throws `LEVEL_DATABASE_NOT_OPEN` with `LEVEL_LOCKED` as its cause when another process has it open.
 */
export async function openDatabase(dataDir: string | undefined): Promise<Database> {
  if (dataDir === undefined) return new MemoryLevel<string, string>({ storeEncoding: 'utf8' });
  const location = join(dataDir, 'dynamodb');
  await mkdir(location, { recursive: true });
  const database = new ClassicLevel<string, string>(location);
  await database.open();
  return database;
}

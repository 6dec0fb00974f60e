import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One service's small state, written through to disk where the cloud has a data directory. */
export interface Collection {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  /** All entries in order of their keys. */
  entries(): readonly (readonly [key: string, value: unknown])[];
}

/** Everything the local cloud remembers beside its tables and objects, in one SQLite file. */
export interface State extends Disposable {
  /** Opens a named collection of JSON values; values are parsed with a schema by whoever reads them. */
  collection(name: string): Collection;
}

/**
 * Opens the state of a local cloud.
 *
 * @param dataDir - Where it survives a restart; in memory when absent.
 */
export function openState(dataDir?: string): State {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(
    dataDir === undefined ? ':memory:' : join(dataDir, 'state.sqlite'),
  );
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS entries (collection TEXT, key TEXT, value TEXT, PRIMARY KEY (collection, key)) WITHOUT ROWID',
  );
  const select = database.prepare('SELECT value FROM entries WHERE collection = ? AND key = ?');
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO entries (collection, key, value) VALUES (?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM entries WHERE collection = ? AND key = ?');
  const list = database.prepare('SELECT key, value FROM entries WHERE collection = ? ORDER BY key');
  return {
    collection: (name) => ({
      get: (key) => {
        const row = select.get(name, key);
        return row === undefined ? undefined : JSON.parse(String(row['value']));
      },
      set: (key, value) => void upsert.run(name, key, JSON.stringify(value)),
      delete: (key) => void remove.run(name, key),
      entries: () =>
        list
          .all(name)
          .map((row) => [String(row['key']), JSON.parse(String(row['value']))] as const),
    }),
    [Symbol.dispose]: () => database.close(),
  };
}

import type { Database, DatabaseOperation } from '#local/services/dynamodb/database.ts';
import { rangeOf, TABLES } from '#local/services/dynamodb/keys.ts';
import { Table } from '#local/services/dynamodb/table.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** Knows the tables; they are few, so all are held in memory too. */
export interface TableCatalogue {
  find(name: string): Table | undefined;
  /** @throws {ServiceFault} `ResourceNotFoundException`, in the words of the item operations. */
  get(name: string): Table;
  /** In order of their names. */
  all(): readonly Table[];
  /** Keeps a table, together with other changes that belong to it. */
  put(table: Table, operations?: readonly DatabaseOperation[]): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Reads the tables that the database holds. */
export async function openTableCatalogue(database: Database): Promise<TableCatalogue> {
  const tables = new Map<string, Table>();
  for await (const text of database.values(rangeOf(TABLES))) {
    const table = Table.parse(JSON.parse(text));
    tables.set(table.schema.TableName, table);
  }
  return {
    find: (name) => tables.get(name),
    get: (name) => {
      const table = tables.get(name);
      if (table) return table;
      throw tableNotFound();
    },
    all: () =>
      [...tables.keys()].toSorted().flatMap((name) => {
        const table = tables.get(name);
        return table ? [table] : [];
      }),
    put: async (table, operations = []) => {
      const name = table.schema.TableName;
      const value = JSON.stringify(table);
      await database.batch([...operations, { type: 'put', key: TABLES + name, value }]);
      tables.set(name, table);
    },
    remove: async (name) => {
      await database.batch([{ type: 'del', key: TABLES + name }]);
      tables.delete(name);
    },
  };
}

/** Makes DynamoDB's refusal of an item operation on a table that does not exist. */
export function tableNotFound(): ServiceFault {
  return new ServiceFault('ResourceNotFoundException', 'Requested resource not found');
}

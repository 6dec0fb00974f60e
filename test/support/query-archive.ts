import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/**
 * Asks the archive of a played cloud as anyone could who has its files: with DuckDB, of the table `jobs`.
 *
 * @returns Rows by column; instants as DuckDB writes them, and large numbers as texts.
 */
export async function queryArchive(
  { s3, cloud, objectsBelow }: CloudPlay,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-archive-'));
  try {
    for (const Key of await objectsBelow('archive/')) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: cloud.endpoints.bucket, Key }));
      const path = join(directory, Key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, (await Body?.transformToByteArray()) ?? '');
    }
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      await connection.run(
        `CREATE VIEW jobs AS SELECT * FROM read_parquet('${directory}/archive/*/day=*/*.parquet', hive_partitioning = true)`,
      );
      return (await connection.runAndReadAll(sql)).getRowObjectsJson();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

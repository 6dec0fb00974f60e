import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  ARCHIVE_COLUMNS,
  type ArchiveRow,
  type ArchiveType,
} from '#shared/domain/archive/archive-row.ts';

/**
 * The types of the file for those of the columns. Texts that hold JSON are plain texts, as Athena reads no others.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
const TYPES = {
  string: 'STRING',
  int: 'INT32',
  bigint: 'INT64',
  timestamp: 'TIMESTAMP',
} as const satisfies Record<ArchiveType, string>;

/** So many rows are read at once by whoever wants some of them. */
const ROWS_IN_GROUP = 1_000;

/** Writes rows as a Parquet file; the same rows as the same bytes. */
export function encodeArchiveFile(rows: readonly ArchiveRow[]): Uint8Array {
  const cells: readonly Readonly<Record<string, string | number | undefined>>[] = rows;
  const columnData = Object.entries(ARCHIVE_COLUMNS).map(([name, type]) => ({
    name,
    type: TYPES[type],
    nullable: name !== 'job_id',
    data: cells.map((row) => encodeValue(row[name], type)),
  }));
  return new Uint8Array(
    parquetWriteBuffer({ columnData, rowGroupSize: ROWS_IN_GROUP, createdBy: 'almanac' }),
  );
}

function encodeValue(value: string | number | undefined, type: ArchiveType) {
  if (value === undefined) return null;
  if (type === 'bigint') return BigInt(Math.round(Number(value)));
  return type === 'timestamp' ? new Date(Number(value) * 1_000) : value;
}

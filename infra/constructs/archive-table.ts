import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { Payloads } from '#infra/constructs/payloads.ts';
import { ARCHIVE_CLASS_DAYS, ARCHIVE_PREFIX } from '#shared/domain/archive/archive-place.ts';
import { ARCHIVE_COLUMNS } from '#shared/domain/archive/archive-row.ts';

/** Nothing was archived before. */
const FIRST_DAY = '2026-01-01';

/**
 * Tells Athena of the archive: a database of the stack's name, and in it the table `jobs`.
 *
 * Athena finds the partitions by itself, from the classes there are and the days that may be: nothing has to be added each day, and nobody has
 * to crawl. A query that names a day reads that day alone.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export class ArchiveTable extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { bucket }: Payloads) {
    super(scope, id);
    // Athena takes small letters, digits and underscores.
    const databaseName = Stack.of(this).stackName.toLowerCase().replaceAll('-', '_');
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: databaseName, description: 'The archive of Almanac' },
    });
    const location = `s3://${bucket.bucketName}/${ARCHIVE_PREFIX}`;
    const table = new CfnTable(this, 'Jobs', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName,
      tableInput: {
        name: 'jobs',
        description: 'Jobs that have expired, with their results',
        tableType: 'EXTERNAL_TABLE',
        parameters: { classification: 'parquet', ...projection(location) },
        partitionKeys: [
          { name: 'keep', type: 'string', comment: 'How long its files are kept.' },
          { name: 'day', type: 'string', comment: 'On which its jobs expired.' },
        ],
        storageDescriptor: {
          columns: Object.entries(ARCHIVE_COLUMNS).map(([name, type]) => ({ name, type })),
          location,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          },
        },
      },
    });
    table.addDependency(database);
    this.name = `${databaseName}.jobs`;
  }
}

function projection(location: string): Record<string, string> {
  return {
    'projection.enabled': 'true',
    'projection.keep.type': 'enum',
    'projection.keep.values': ARCHIVE_CLASS_DAYS.map((days) => `${days}d`).join(','),
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy-MM-dd',
    'projection.day.range': `${FIRST_DAY},NOW`,
    // Athena fills in a partition's own values.
    'storage.location.template': `${location}keep=\${keep}/day=\${day}/`,
  };
}

import { describe, expect, it } from 'vitest';
import { propertiesOf } from '#test/support/almanac-template.ts';

describe('ArchiveTable', () => {
  it('is a table of Parquet files in a database of the stack', () => {
    expect(propertiesOf('ArchiveDatabase')).toMatchObject({
      DatabaseInput: { Name: 'almanac_dev' },
    });
    expect(propertiesOf('ArchiveJobs')).toMatchObject({
      DatabaseName: 'almanac_dev',
      TableInput: {
        Name: 'jobs',
        TableType: 'EXTERNAL_TABLE',
        PartitionKeys: [{ Name: 'keep' }, { Name: 'day' }],
        StorageDescriptor: {
          Location: 's3://PayloadsBucket/archive/',
          SerdeInfo: {
            SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          },
        },
      },
    });
  });

  it('has its partitions found from the classes and the days there may be', () => {
    expect(propertiesOf('ArchiveJobs')).toMatchObject({
      TableInput: {
        Parameters: {
          classification: 'parquet',
          'projection.enabled': 'true',
          'projection.keep.type': 'enum',
          'projection.keep.values': '30d,90d,365d,1095d,2555d,3660d',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': '2026-01-01,NOW',
          'storage.location.template':
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena fills these in.
            's3://PayloadsBucket/archive/keep=${keep}/day=${day}/',
        },
      },
    });
  });

  it('has a column for each that a file has', () => {
    const { StorageDescriptor } = Object(propertiesOf('ArchiveJobs')['TableInput']);

    expect(StorageDescriptor.Columns).toContainEqual({ Name: 'job_id', Type: 'string' });
    expect(StorageDescriptor.Columns).toContainEqual({ Name: 'finished_at', Type: 'timestamp' });
    expect(StorageDescriptor.Columns).toContainEqual({ Name: 'result_bytes', Type: 'bigint' });
  });
});

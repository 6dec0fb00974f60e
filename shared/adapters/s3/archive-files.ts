import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { encodeArchiveFile } from '#shared/adapters/parquet/encode-archive-file.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ArchiveFiles } from '#shared/ports/archive.ts';

/** See https://www.iana.org/assignments/media-types/application/vnd.apache.parquet */
const PARQUET = 'application/vnd.apache.parquet';

/** Keeps the files of the archive in the payload bucket. */
export function createArchiveFiles(bucket: string, client = new S3Client()): ArchiveFiles {
  return {
    put: async (key, rows) => {
      const Body = encodeArchiveFile(rows);
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: PARQUET }),
        );
      } catch (error) {
        throwUnavailable(error, 'the payload bucket');
      }
    },
  };
}

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { decodeIds, decodeJobs } from '#shared/adapters/parquet/decode-archive-file.ts';
import { createObjectList } from '#shared/adapters/s3/object-list.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ArchiveFile, ArchiveReader } from '#shared/ports/archive.ts';

/** A smaller file is read at once; of a larger one the parts that are asked for. */
const LARGEST_WHOLE_BYTES = 1_048_576;

/** Reads the files of the archive in the payload bucket. */
export function createArchiveReader(bucket: string, client = new S3Client()): ArchiveReader {
  const list = createObjectList(bucket, client);
  const read = async (key: string, range?: { readonly start: number; readonly end: number }) => {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(range && { Range: `bytes=${range.start}-${range.end - 1}` }),
        }),
      );
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return Uint8Array.from(bytes).buffer;
    } catch (error) {
      return throwUnavailable(error, 'the payload bucket');
    }
  };
  const open = async ({ key, bytes }: ArchiveFile) => {
    if (bytes <= LARGEST_WHOLE_BYTES) return read(key);
    const slice = (start: number, end = bytes) => read(key, { start, end });
    return { byteLength: bytes, slice };
  };
  return {
    files: async (prefix) => {
      const files: ArchiveFile[] = [];
      let after: string | undefined;
      do {
        const page = await list.page(prefix, after);
        files.push(...page.objects.map(({ key, bytes }) => ({ key, bytes })));
        after = page.next;
      } while (after !== undefined);
      return files;
    },
    ids: async (file) => decodeIds(await open(file)),
    jobs: async (file, rows) => decodeJobs(await open(file), rows),
  };
}

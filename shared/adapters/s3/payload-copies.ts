import { CopyObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { PayloadCopies } from '#shared/ports/payload-store.ts';

/** Copies results within the payload bucket. */
export function createPayloadCopies(bucket: string, client = new S3Client()): PayloadCopies {
  return {
    copy: async (from, to) => {
      // The header is a path, in which each part is encoded by itself.
      const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      try {
        await client.send(new CopyObjectCommand({ Bucket: bucket, CopySource: source, Key: to }));
        return true;
      } catch (error) {
        if (error instanceof NoSuchKey || Object(error).name === 'NoSuchKey') return false;
        return throwUnavailable(error, 'the payload bucket');
      }
    },
  };
}

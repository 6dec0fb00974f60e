import { CopyObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';
import type { PayloadCopies } from '#shared/ports/payload-store.ts';

/** Copies results within the payload bucket. */
export function createPayloadCopies(bucket: string, client = new S3Client()): PayloadCopies {
  return {
    copy: async (from, to) => {
      // The header is a path, in which each part is encoded by itself.
      const source = `${bucket}/${from.key.split('/').map(encodeURIComponent).join('/')}`;
      try {
        await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            CopySource: source,
            Key: to,
            ...(from.key === to && describedAnew(from)),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof NoSuchKey || Object(error).name === 'NoSuchKey') return false;
        return throwUnavailable(error, 'the payload bucket');
      }
    },
  };
}

/**
 * Says what an object is once more: S3 refuses to copy one onto itself with nothing new. Only what jobs share is, and that is never a file.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function describedAnew({ type, encoding }: PayloadPointer) {
  return {
    MetadataDirective: 'REPLACE',
    ContentType: type,
    ...(encoding && { ContentEncoding: encoding }),
  } as const;
}

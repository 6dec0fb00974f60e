import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PayloadLinks } from '#shared/ports/payload-store.ts';

/** The longest that a presigned link can hold. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html */
const LONGEST_LINK_SECONDS = 604_800;

/** Signs links to results in the payload bucket; apart from the store, as only the API needs the signer. */
export function createPayloadLinks(bucket: string, client = new S3Client()): PayloadLinks {
  return {
    presign: (key, seconds, signedAt) =>
      getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
        expiresIn: Math.min(Math.max(Math.floor(seconds), 1), LONGEST_LINK_SECONDS),
        // Signed a moment later, a link would hold a moment longer than it may.
        ...(signedAt !== undefined && { signingDate: new Date(signedAt * 1000) }),
      }),
  };
}

import {
  type _Object,
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { ListedObject } from '#shared/domain/audit/decide-object.ts';
import type { ObjectList } from '#shared/ports/object-list.ts';

/**
 * Goes through the payload bucket.
 *
 * Whether one object is there is asked by a list, too: S3 tells whoever may list only below a prefix that he may not see an object which
 * is not there.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function createObjectList(bucket: string, client = new S3Client()): ObjectList {
  const list = async (query: Omit<ListObjectsV2CommandInput, 'Bucket'>) => {
    const answer = await answered(
      client.send(new ListObjectsV2Command({ Bucket: bucket, ...query })),
    );
    return { isWhole: answer.IsTruncated !== true, objects: (answer.Contents ?? []).map(listed) };
  };
  return {
    page: async (prefix, after) => {
      const { isWhole, objects } = await list({
        Prefix: prefix,
        ...(after !== undefined && { StartAfter: after }),
      });
      const last = objects.at(-1)?.key;
      return { objects, ...(!isWhole && last !== undefined && { next: last }) };
    },
    has: async (key) => {
      const { objects } = await list({ Prefix: key, MaxKeys: 1 });
      return objects[0]?.key === key;
    },
    delete: async (key) => {
      await answered(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
}

/** S3 rounds to the second what it lists. */
function listed({ Key = '', Size = 0, LastModified }: _Object): ListedObject {
  return { key: Key, bytes: Size, modifiedAt: Math.floor(Number(LastModified) / 1000) };
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    return throwUnavailable(error, 'the payload bucket');
  }
}

import { ServiceFault } from '#local/services/local-service.ts';
import {
  getBucketEncryption,
  getBucketLifecycle,
  getBucketLocation,
  getBucketPolicy,
  getBucketTagging,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketLifecycle,
} from '#local/services/s3/bucket-operations.ts';
import { completeMultipartUpload } from '#local/services/s3/complete-multipart-upload.ts';
import { deleteObject, deleteObjects } from '#local/services/s3/delete-objects.ts';
import { getObject, getObjectTagging, headObject } from '#local/services/s3/get-object.ts';
import { listObjects, listObjectsV2 } from '#local/services/s3/list-objects.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '#local/services/s3/multipart.ts';
import { copyObject, putObject } from '#local/services/s3/put-object.ts';
import { notServed, type S3Call, type S3Handler } from '#local/services/s3/s3-call.ts';

/**
 * The query parameters that make another operation of a request, of S3's whole API: one that is not served here must
 * not be taken for the plain operation.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const SUBRESOURCES = [
  'abac accelerate acl analytics annotation annotations attributes cors delete encryption intelligent-tiering',
  'inventory legal-hold lifecycle list-type location logging metadataConfiguration metadataInventoryTable',
  'metadataJournalTable metadataTable metrics notification object-lock ownershipControls policy policyStatus',
  'publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent',
  'uploadId uploads versionId versioning versions website',
].flatMap((line) => line.split(' '));

const SERVICE: Readonly<Record<string, S3Handler>> = { GET: listBuckets };

const BUCKET: Readonly<Record<string, S3Handler>> = {
  GET: listObjects,
  HEAD: headBucket,
  'GET list-type': listObjectsV2,
  'GET location': getBucketLocation,
  'GET versioning': getBucketVersioning,
  'GET encryption': getBucketEncryption,
  'GET tagging': getBucketTagging,
  'GET policy': getBucketPolicy,
  'GET lifecycle': getBucketLifecycle,
  'PUT lifecycle': putBucketLifecycle,
  'GET uploads': listMultipartUploads,
  'POST delete': deleteObjects,
};

const OBJECT: Readonly<Record<string, S3Handler>> = {
  GET: getObject,
  HEAD: headObject,
  PUT: (call) => ('x-amz-copy-source' in call.request.headers ? copyObject(call) : putObject(call)),
  DELETE: deleteObject,
  'GET tagging': getObjectTagging,
  'POST uploads': createMultipartUpload,
  'PUT uploadId': uploadPart,
  'POST uploadId': completeMultipartUpload,
  'GET uploadId': listParts,
  'DELETE uploadId': abortMultipartUpload,
};

/** Finds what understands a call. @throws {ServiceFault} `NotImplemented` or `MethodNotAllowed`. */
export function findHandler({ request, address }: S3Call): S3Handler {
  const subresource = SUBRESOURCES.find((name) => request.query.has(name));
  const what = subresource === undefined ? request.method : `${request.method} ${subresource}`;
  const handler = tableFor(address)[what];
  if (handler) return handler;
  if (
    subresource === undefined &&
    !['GET', 'HEAD', 'PUT', 'DELETE', 'POST'].includes(request.method)
  )
    throw new ServiceFault(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      { status: 405 },
    );
  throw notServed(`${what} on ${address.key === '' ? 'a bucket' : 'an object'}`);
}

function tableFor({ bucketName, key }: S3Call['address']): Readonly<Record<string, S3Handler>> {
  if (bucketName === '') return SERVICE;
  return key === '' ? BUCKET : OBJECT;
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import type { Callers } from '#local/iam/callers.ts';
import type {
  LocalService,
  ServiceFault,
  WireRequest,
  WireResponse,
} from '#local/services/local-service.ts';
import { fileBlobStore, memoryBlobStore, removeStrayFiles } from '#local/services/s3/blob-store.ts';
import { Buckets } from '#local/services/s3/bucket.ts';
import { s3ResourceTypes } from '#local/services/s3/bucket-resource.ts';
import { parseAddress } from '#local/services/s3/object-address.ts';
import { verifyPresigned } from '#local/services/s3/presigned-url.ts';
import type { S3Parts } from '#local/services/s3/s3-call.ts';
import { findHandler } from '#local/services/s3/s3-routes.ts';
import { renderXml } from '#local/services/s3/xml.ts';
import type { State } from '#local/state.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** Bodies are held in memory while they are handled, so this stays far below S3's own 5 GB. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;

/** S3's words for what the HTTP front says. */
const FRONT_CODES: Readonly<Record<string, string>> = {
  RequestEntityTooLarge: 'EntityTooLarge',
  InternalServerError: 'InternalError',
};

/** What S3 stands on. */
export interface S3Options {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  /** Where the bytes of objects lie, in a folder `s3`; in memory when absent. */
  readonly dataDir?: string | undefined;
  readonly callers: Callers;
  /** Asked whether a caller may list a bucket before it is told that a key is not there; without it, everyone may. */
  readonly authorizer?: Authorizer | undefined;
  readonly region: string;
  readonly account: string;
  /** The URL that the service is reached at, without a trailing slash; asked for when an object's URL is told. */
  readonly endpoint: () => string;
}

/** Amazon S3 as far as the local cloud has it: path-style requests, one version per key. */
export interface S3Service extends LocalService {
  readonly name: 's3';
  readonly resourceTypes: readonly ResourceType[];
}

/** Opens S3 with the buckets and objects that its state remembers. */
export async function createS3(options: S3Options): Promise<S3Service> {
  const { clock, activity, state, dataDir, callers, authorizer, region } = options;
  const directory = dataDir === undefined ? undefined : join(dataDir, 's3');
  const blobs = directory === undefined ? memoryBlobStore() : await fileBlobStore(directory);
  const discard = (blob: string): void =>
    void activity.during('s3 bytes to remove', () => blobs.remove(blob));
  const buckets = new Buckets({ clock, state, discard });
  if (directory !== undefined)
    await removeStrayFiles(directory, new Set(buckets.all().flatMap((bucket) => bucket.blobs())));
  const { account, endpoint } = options;
  const parts: S3Parts = { clock, buckets, blobs, authorizer, region, account, endpoint };
  return {
    name: 's3',
    maxBodyBytes: LARGEST_BODY_BYTES,
    resourceTypes: s3ResourceTypes(buckets),
    route: (request) => {
      verifyPresigned(request, { nowMs: clock.nowMs(), callers, region });
      const call = { request, address: parseAddress(request.path), parts };
      return findHandler(call)(call);
    },
    renderFault,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function renderFault(fault: ServiceFault, request: WireRequest): WireResponse {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const headers = { 'x-amz-request-id': requestId };
  const { status } = fault;
  if (request.method === 'HEAD') return { status, headers };
  const members = Object.entries(fault.members).map(([name, value]) => [name, String(value)]);
  return {
    status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: renderXml('Error', {
      Code: FRONT_CODES[fault.code] ?? fault.code,
      Message: fault.message,
      ...Object.fromEntries(members),
      Resource: request.path,
      RequestId: requestId,
    }),
  };
}

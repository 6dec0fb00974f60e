import { createHash } from 'node:crypto';
import type { Item } from '#local/services/dynamodb/attribute-value.ts';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';
import type { ItemChange } from '#local/services/dynamodb/item-change.ts';
import type { StreamViewType } from '#local/services/dynamodb/table.ts';

/** A record of a stream, as a Lambda function gets it in its event. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    /** Decimal digits of a fixed length, so that their order as text is their order in time. */
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  /** Who wrote, where it was not a caller. */
  readonly userIdentity?: UserIdentity;
  readonly eventSourceARN: string;
}

/** A service that writes of its own accord. */
export interface UserIdentity {
  readonly type: string;
  readonly principalId: string;
}

/** What a record says beside the change itself. */
export interface RecordOrigin {
  readonly region: string;
  readonly streamArn: string;
  readonly viewType: StreamViewType;
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly userIdentity: UserIdentity | undefined;
}

/** Makes the record of a change of an item that was, or now is, there. */
export function streamRecord(change: ItemChange, origin: RecordOrigin): StreamRecord {
  const { oldItem, newItem } = change;
  const keys = keysOf(change);
  const newImage = NEW_IMAGES.has(origin.viewType) ? newItem : undefined;
  const oldImage = OLD_IMAGES.has(origin.viewType) ? oldItem : undefined;
  return {
    eventID: createHash('md5')
      .update(origin.streamArn + origin.sequenceNumber)
      .digest('hex'),
    eventName: newItem === undefined ? 'REMOVE' : oldItem === undefined ? 'INSERT' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: origin.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(origin.atMs / 1000),
      Keys: keys,
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(oldImage === undefined ? {} : { OldImage: oldImage }),
      SequenceNumber: origin.sequenceNumber,
      SizeBytes: itemBytes(keys) + itemBytes(newImage ?? {}) + itemBytes(oldImage ?? {}),
      StreamViewType: origin.viewType,
    },
    ...(origin.userIdentity === undefined ? {} : { userIdentity: origin.userIdentity }),
    eventSourceARN: origin.streamArn,
  };
}

const NEW_IMAGES: ReadonlySet<StreamViewType> = new Set(['NEW_IMAGE', 'NEW_AND_OLD_IMAGES']);
const OLD_IMAGES: ReadonlySet<StreamViewType> = new Set(['OLD_IMAGE', 'NEW_AND_OLD_IMAGES']);

function keysOf({ table, newItem, oldItem }: ItemChange): Item {
  const item = newItem ?? oldItem ?? {};
  const names = new Set(table.schema.KeySchema.map((key) => key.AttributeName));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

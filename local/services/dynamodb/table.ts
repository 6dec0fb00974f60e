import * as z from 'zod';

const KeyElement = z.strictObject({
  AttributeName: z.string(),
  KeyType: z.enum(['HASH', 'RANGE']),
});

const AttributeDefinition = z.strictObject({
  AttributeName: z.string(),
  AttributeType: z.enum(['S', 'N', 'B']),
});

/** A secondary index as CreateTable and CloudFormation define it. */
export const SecondaryIndex = z.strictObject({
  IndexName: z.string(),
  KeySchema: z.array(KeyElement),
  Projection: z.strictObject({
    ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

/** What a table is made of: the part that dynalite reads, in DynamoDB's own words. */
export const TableSchema = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: z.array(AttributeDefinition),
  KeySchema: z.array(KeyElement),
  GlobalSecondaryIndexes: z.array(SecondaryIndex),
  LocalSecondaryIndexes: z.array(SecondaryIndex),
});

/** What a stream's records show of an item. */
export const StreamViewType = z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']);

/** A table as it is kept. */
export const Table = z.strictObject({
  schema: TableSchema,
  id: z.string(),
  /** Epoch seconds. */
  createdAt: z.number(),
  /** Names the stream, also while it is off, so that switching it on again gives the ARN that was announced. */
  streamLabel: z.string(),
  streamViewType: StreamViewType.optional(),
  timeToLiveAttribute: z.string().optional(),
  isDeletionProtected: z.boolean(),
  provisioned: z
    .strictObject({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
    .optional(),
  tags: z.record(z.string(), z.string()),
});

export type SecondaryIndex = z.infer<typeof SecondaryIndex>;
export type TableSchema = z.infer<typeof TableSchema>;
export type StreamViewType = z.infer<typeof StreamViewType>;
export type Table = z.infer<typeof Table>;

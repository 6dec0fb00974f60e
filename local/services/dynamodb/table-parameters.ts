import * as createTableValidation from 'dynalite/validations/createTable.js';
import type { ParameterTypes } from 'dynalite/validations/index.js';
import type {
  SecondaryIndex,
  StreamViewType,
  TableSchema,
} from '#local/services/dynamodb/table.ts';

/** Parameters of a table that dynalite does not know. */
interface NewerParameters {
  readonly StreamSpecification?: {
    readonly StreamEnabled: boolean;
    readonly StreamViewType?: StreamViewType;
  };
  readonly DeletionProtectionEnabled?: boolean;
  readonly ProvisionedThroughput?: {
    readonly ReadCapacityUnits: number;
    readonly WriteCapacityUnits: number;
  };
}

/** A validated CreateTable. */
export interface CreateTableRequest extends NewerParameters {
  readonly TableName: string;
  readonly AttributeDefinitions: TableSchema['AttributeDefinitions'];
  readonly KeySchema: TableSchema['KeySchema'];
  readonly GlobalSecondaryIndexes?: readonly SecondaryIndex[];
  readonly LocalSecondaryIndexes?: readonly SecondaryIndex[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** A validated UpdateTable. */
export interface UpdateTableRequest extends NewerParameters {
  readonly TableName: string;
  readonly AttributeDefinitions?: TableSchema['AttributeDefinitions'];
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly GlobalSecondaryIndexUpdates?: readonly {
    readonly Create?: SecondaryIndex;
    readonly Delete?: { readonly IndexName: string };
  }[];
}

/** A table's name, as a parameter that must be there. */
export const TABLE_NAME: ParameterTypes = {
  TableName: { type: 'String', required: true, tableName: true, regex: '[a-zA-Z0-9_.-]+' },
};

/** A list of tags, as a parameter. */
export const TAGS: ParameterTypes = {
  Tags: {
    type: 'List',
    children: {
      type: 'ValueStruct<Tag>',
      children: {
        Key: { type: 'String', notNull: true },
        Value: { type: 'String', notNull: true },
      },
    },
  },
};

const NEWER: ParameterTypes = {
  StreamSpecification: {
    type: 'FieldStruct<StreamSpecification>',
    children: {
      StreamEnabled: { type: 'Boolean', notNull: true },
      StreamViewType: {
        type: 'String',
        enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'],
      },
    },
  },
  DeletionProtectionEnabled: 'Boolean',
};

/** What CreateTable takes. */
export const CREATE_TABLE: ParameterTypes = { ...createTableValidation.types, ...NEWER, ...TAGS };

const INDEX_NAME = {
  type: 'String',
  notNull: true,
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};

/** What UpdateTable takes; dynalite's own knows neither streams nor new indexes on demand. */
export const UPDATE_TABLE: ParameterTypes = {
  ...TABLE_NAME,
  ...NEWER,
  AttributeDefinitions: {
    type: 'List',
    children: {
      type: 'ValueStruct<AttributeDefinition>',
      children: {
        AttributeName: { type: 'String', notNull: true },
        AttributeType: { type: 'String', notNull: true, enum: ['B', 'N', 'S'] },
      },
    },
  },
  BillingMode: { type: 'String', enum: ['PROVISIONED', 'PAY_PER_REQUEST'] },
  ProvisionedThroughput: {
    type: 'FieldStruct<ProvisionedThroughput>',
    children: {
      WriteCapacityUnits: { type: 'Long', notNull: true, greaterThanOrEqual: 1 },
      ReadCapacityUnits: { type: 'Long', notNull: true, greaterThanOrEqual: 1 },
    },
  },
  GlobalSecondaryIndexUpdates: {
    type: 'List',
    children: {
      type: 'ValueStruct<GlobalSecondaryIndexUpdate>',
      children: {
        Create: {
          type: 'FieldStruct<CreateGlobalSecondaryIndexAction>',
          children: {
            IndexName: INDEX_NAME,
            KeySchema: {
              type: 'List',
              notNull: true,
              lengthGreaterThanOrEqual: 1,
              lengthLessThanOrEqual: 2,
              children: {
                type: 'ValueStruct<KeySchemaElement>',
                children: {
                  AttributeName: { type: 'String', notNull: true },
                  KeyType: { type: 'String', notNull: true, enum: ['HASH', 'RANGE'] },
                },
              },
            },
            Projection: {
              type: 'FieldStruct<Projection>',
              notNull: true,
              children: {
                ProjectionType: {
                  type: 'String',
                  notNull: true,
                  enum: ['ALL', 'INCLUDE', 'KEYS_ONLY'],
                },
                NonKeyAttributes: {
                  type: 'List',
                  lengthGreaterThanOrEqual: 1,
                  children: 'String',
                },
              },
            },
          },
        },
        Delete: {
          type: 'FieldStruct<DeleteGlobalSecondaryIndexAction>',
          children: { IndexName: INDEX_NAME },
        },
      },
    },
  },
};

import type { ParameterTypes } from 'dynalite/validations/index.js';
import { tableArn, tableNameOf } from '#local/services/dynamodb/arns.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import type { Table } from '#local/services/dynamodb/table.ts';
import { TAGS } from '#local/services/dynamodb/table-parameters.ts';
import { ServiceFault } from '#local/services/local-service.ts';

interface TagRequest {
  readonly ResourceArn: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly TagKeys?: readonly string[];
}

const RESOURCE_ARN: ParameterTypes = { ResourceArn: { type: 'String', notNull: true } };

/** TagResource, UntagResource and ListTagsOfResource, on tables. */
export function tagOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const tagging = (
    name: string,
    types: ParameterTypes,
    run: (table: Table, data: TagRequest) => Promise<object>,
  ) =>
    operation<TagRequest>(store, {
      types: { ...RESOURCE_ARN, ...types },
      permissions: ({ ResourceArn }) => [{ action: `dynamodb:${name}`, resource: ResourceArn }],
      run: (data) =>
        context.writer.exclusively(() => run(taggedTable(context, data.ResourceArn), data)),
    });
  return {
    TagResource: tagging('TagResource', TAGS, async (table, { Tags = [] }) => {
      const added = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
      await context.tables.put({ ...table, tags: { ...table.tags, ...added } });
      return {};
    }),
    UntagResource: tagging('UntagResource', TAG_KEYS, async (table, { TagKeys = [] }) => {
      const kept = Object.entries(table.tags).filter(([key]) => !TagKeys.includes(key));
      await context.tables.put({ ...table, tags: Object.fromEntries(kept) });
      return {};
    }),
    ListTagsOfResource: tagging('ListTagsOfResource', {}, async (table) => ({
      Tags: Object.entries(table.tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

const TAG_KEYS: ParameterTypes = {
  TagKeys: { type: 'List', notNull: true, children: 'String' },
};

function taggedTable(context: OperationContext, arn: string): Table {
  const table = context.tables.find(tableNameOf(context.place, arn));
  if (table && arn === tableArn(context.place, table.schema.TableName)) return table;
  throw new ServiceFault(
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${arn} not found`,
  );
}

import * as z from 'zod';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const NOT_QUERIED = 'There is no Athena here: the files themselves are read, as with DuckDB.';

/**
 * Takes the description of the archive, which is names here.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Glue.html
 */
export function glueResourceTypes(): readonly ResourceType[] {
  return [
    resourceType({
      type: 'AWS::Glue::Database',
      properties: z.strictObject({
        DatabaseInput: z.strictObject({ Name: z.string() }),
      }),
      inert: {
        CatalogId: 'An account has one catalog, and this is one account.',
        'DatabaseInput.Description': 'It only tells people what the database is for.',
      },
      identify: ({ stackName }) => ({ ref: stackName, attributes: {} }),
      create: () => {},
    }),
    resourceType({
      type: 'AWS::Glue::Table',
      properties: z.strictObject({
        DatabaseName: z.string(),
        TableInput: z.strictObject({
          Name: z.string(),
          TableType: z.literal('EXTERNAL_TABLE'),
          Parameters: z.record(z.string(), z.string()),
        }),
      }),
      inert: {
        CatalogId: 'An account has one catalog, and this is one account.',
        'TableInput.Description': 'It only tells people what the table is for.',
        'TableInput.PartitionKeys': NOT_QUERIED,
        'TableInput.StorageDescriptor': NOT_QUERIED,
      },
      identify: ({ stackName }) => ({ ref: stackName, attributes: {} }),
      create: () => {},
    }),
  ];
}

import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/settle-foreign/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { SETTLE_FOREIGN_TIMEOUT } from '#infra/constructs/foreign-ends.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import { addQueueSource, grantQueueSource } from '#infra/constructs/queue-source.ts';
import type { Tables } from '#infra/constructs/tables.ts';

/** Where ends are found, and what is settled by them. */
export interface SettleForeignProps {
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly ends: IQueue;
  readonly config: StageConfig;
}

/** Makes the function that settles the jobs of adopted tasks. */
export class SettleForeign extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: SettleForeignProps) {
    const { tables, payloads, ends, config } = props;
    super(scope, id, {
      entry: 'functions/settle-foreign/handler.ts',
      description: 'Settles the jobs of adopted tasks as their functions end',
      timeout: SETTLE_FOREIGN_TIMEOUT,
      memoryMb: 512,
      environment: {
        JOBS_TABLE: tables.jobs.tableName,
        SCHEDULES_TABLE: tables.schedules.tableName,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          // Reading is for a schedule that wants to see changes.
          actions: [
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Query',
            'dynamodb:UpdateItem',
          ],
          resources: [tables.jobs.tableArn],
        },
        // The key that redacted values are hashed with.
        { actions: ['dynamodb:Query'], resources: [tables.schedules.tableArn] },
        {
          actions: ['s3:PutObject'],
          resources: [payloads.everyResult],
          wildcard: {
            grounds: 'keys-made-at-run-time',
            because:
              'Each invocation of an adopted function has an object of its own, written on condition that it does not exist; nothing else lies under the prefix.',
          },
        },
        grantQueueSource(ends),
      ],
      config,
    });
    addQueueSource(this, 'Ends', ends);
  }
}

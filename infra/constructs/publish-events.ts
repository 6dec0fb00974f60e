import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/publish-events/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import {
  addStreamSource,
  grantStreamSource,
  type StreamSource,
} from '#infra/constructs/stream-source.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { LEDGERS } from '#shared/domain/usage/ledger.ts';

/** What is followed, and where it is told. */
export interface PublishEventsProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: EventBus;
  readonly config: StageConfig;
}

/** What a job's row is once it has ended; a slot's has no state. */
const ENDED = { state: { S: ['settled'] } };

/** Jobs that end with their first write. */
const CREATED_SETTLED = { eventName: ['INSERT'], dynamodb: { NewImage: ENDED } };

/** Jobs that end with a later one. What is written to a row after its end, as another expiry, is no news. */
const SETTLED = {
  dynamodb: { NewImage: ENDED, OldImage: { state: { S: [{ 'anything-but': ['settled'] }] } } },
};

/** Writes of schedules that have a pause. A pattern cannot compare two images, so those that had it before pass as well. */
const PAUSED = { dynamodb: { NewImage: { paused: { M: { since: { N: [{ exists: true }] } } } } } };

/** Writes of ledgers, of which a pattern cannot tell either whether they pass their budgets. */
const LEDGER_WRITTEN = { dynamodb: { Keys: { scheduleId: { S: [LEDGERS] } } } };

/**
 * Makes the function that tells on the event bus what has happened to jobs and schedules.
 *
 * It follows both streams beside the functions that keep the stack in step, so that a bus that does not answer holds up none of them.
 * DynamoDB lets no third function read a stream.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export class PublishEvents extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: PublishEventsProps) {
    const { tables, queues, bus, config } = props;
    const { failedBatches } = queues;
    const jobs: StreamSource = {
      table: tables.jobs,
      filters: [SETTLED, CREATED_SETTLED],
      failedBatches,
    };
    const schedules: StreamSource = {
      table: tables.schedules,
      filters: [PAUSED, LEDGER_WRITTEN],
      failedBatches,
    };
    super(scope, id, {
      entry: 'functions/publish-events/handler.ts',
      description: 'Tells on the event bus what has happened to jobs and schedules',
      timeout: Duration.seconds(60),
      memoryMb: 256,
      environment: {
        JOBS_TABLE: tables.jobs.tableName,
        EVENT_BUS_ARN: bus.eventBusArn,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        { actions: ['dynamodb:Query'], resources: [tables.jobs.tableArn] },
        { actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
        ...grantStreamSource(jobs, schedules),
      ],
      config,
    });
    addStreamSource(this, jobs, 'JobsStream');
    addStreamSource(this, schedules, 'SchedulesStream');
  }
}

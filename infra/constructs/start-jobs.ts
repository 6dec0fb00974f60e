import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ENVIRONMENT } from '#functions/start-jobs/environment.ts';
import type { StageConfig } from '#infra/config.ts';
import { adoptedVariable } from '#infra/constructs/adopt-tasks.ts';
import type { AdoptedFunction } from '#infra/constructs/adopted-function.ts';
import { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import { addQueueSource, grantQueueSource } from '#infra/constructs/queue-source.ts';
import type { Queues } from '#infra/constructs/queues.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import { taskFunctionArnPrefix } from '#infra/constructs/task-function.ts';
import type { ErrandKind } from '#shared/domain/errand/errand.ts';

/** What is started, and from where. */
export interface StartJobsProps {
  readonly tables: Tables;
  readonly queues: Queues;
  /** The functions of all tasks, each by its own ARN. */
  readonly tasks: readonly IFunction[];
  /** Takes the fire times of planned schedules. */
  readonly advanceSchedule: IFunction;
  /** Goes on with audits. */
  readonly auditStorage: IFunction;
  /** Take the steps of errands. */
  readonly errands: Readonly<Record<ErrandKind, IFunction>>;
  /** Tasks whose function is not found by their id. */
  readonly adopted: readonly AdoptedFunction[];
  readonly config: StageConfig;
}

/** How long one batch of starts may take; the starts queue hides messages by it. */
export const START_JOBS_TIMEOUT = Duration.seconds(30);

/** Makes the function that hands the starts queue's messages on, once each is due. */
export class StartJobs extends AlmanacFunction {
  constructor(scope: Construct, id: string, props: StartJobsProps) {
    const { tables, queues, tasks, advanceSchedule, auditStorage, errands, adopted, config } =
      props;
    super(scope, id, {
      entry: 'functions/start-jobs/handler.ts',
      description: 'Starts jobs whose start waited in the starts queue',
      timeout: START_JOBS_TIMEOUT,
      memoryMb: 256,
      mayGoRound: true,
      environment: {
        SCHEDULES_TABLE: tables.schedules.tableName,
        STARTS_QUEUE_URL: queues.starts.queueUrl,
        TASK_FUNCTION_ARN_PREFIX: taskFunctionArnPrefix(scope),
        ...adoptedVariable(scope, adopted),
        ...(adopted.length > 0 && { JOBS_TABLE: tables.jobs.tableName }),
        ADVANCE_FUNCTION_ARN: advanceSchedule.functionArn,
        AUDIT_FUNCTION_ARN: auditStorage.functionArn,
        BACKDATING_FUNCTION_ARN: errands.backdating.functionArn,
        BACKFILL_FUNCTION_ARN: errands.backfill.functionArn,
      } satisfies Record<(typeof ENVIRONMENT)[number], string>,
      grants: [
        {
          actions: ['lambda:InvokeFunction'],
          resources: [
            ...tasks,
            advanceSchedule,
            auditStorage,
            errands.backdating,
            errands.backfill,
          ].map(({ functionArn }) => functionArn),
        },
        { actions: ['dynamodb:UpdateItem'], resources: [tables.schedules.tableArn] },
        { actions: ['sqs:SendMessage'], resources: [queues.starts.queueArn] },
        ...(adopted.length > 0
          ? [{ actions: ['dynamodb:GetItem'], resources: [tables.jobs.tableArn] }]
          : []),
        grantQueueSource(queues.starts),
      ],
      config,
    });
    addQueueSource(this, 'Starts', queues.starts);
  }
}

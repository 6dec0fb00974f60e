import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STAGES, type Stage, type StageConfig } from '#infra/config.ts';
import { adoptTasks } from '#infra/constructs/adopt-tasks.ts';
import { AdvanceSchedule } from '#infra/constructs/advance-schedule.ts';
import { Api } from '#infra/constructs/api.ts';
import { ArchiveJobs } from '#infra/constructs/archive-jobs.ts';
import { ArchiveTable } from '#infra/constructs/archive-table.ts';
import { AuditStorage } from '#infra/constructs/audit-storage.ts';
import { addEvents } from '#infra/constructs/events.ts';
import { FollowJobs } from '#infra/constructs/follow-jobs.ts';
import { Payloads } from '#infra/constructs/payloads.ts';
import { ProjectSchedules } from '#infra/constructs/project-schedules.ts';
import { Queues } from '#infra/constructs/queues.ts';
import { RunBackdating } from '#infra/constructs/run-backdating.ts';
import { RunBackfill } from '#infra/constructs/run-backfill.ts';
import { Scheduling } from '#infra/constructs/scheduling.ts';
import { ServeApi } from '#infra/constructs/serve-api.ts';
import {
  SETTLE_UNDELIVERED_TIMEOUT,
  SettleUndelivered,
} from '#infra/constructs/settle-undelivered.ts';
import { START_JOBS_TIMEOUT, StartJobs } from '#infra/constructs/start-jobs.ts';
import { Sweep } from '#infra/constructs/sweep.ts';
import { Tables } from '#infra/constructs/tables.ts';
import { TaskFunction } from '#infra/constructs/task-function.ts';
import { isAdopted } from '#infra/list-tasks.ts';
import type { AnyTask } from '#infra/tasks.ts';

/** What a stack is made of besides its code. */
export interface AlmanacStackProps {
  readonly stage: Stage;
  readonly tasks: readonly AnyTask[];
  /** Instead of those of the stage's settings. */
  readonly budgets?: StageConfig['budgets'];
}

/** Makes one Almanac, `Almanac-<stage>`, in whatever account and region it is deployed to. */
export class AlmanacStack extends Stack {
  constructor(scope: Construct, { stage, tasks, budgets }: AlmanacStackProps) {
    const config = { ...STAGES[stage], ...(budgets && { budgets }) };
    super(scope, `Almanac-${stage}`, {
      description: 'Almanac: a serverless scheduler that remembers',
      terminationProtection: config.isProtected,
      synthesizer: withoutBootstrapRule(),
    });
    const tables = new Tables(this, 'Tables', config);
    const payloads = new Payloads(this, 'Payloads', config);
    const queues = new Queues(this, 'Queues', {
      startJobsTimeout: START_JOBS_TIMEOUT,
      settleUndeliveredTimeout: SETTLE_UNDELIVERED_TIMEOUT,
    });
    const stores = { tables, payloads, queues, config };

    const adopted = adoptTasks(this, { ...stores, tasks: tasks.filter(isAdopted) });
    const functions = [
      ...tasks
        .filter((task) => 'entry' in task)
        .map((task) => new TaskFunction(this, `Task-${task.id}`, { ...stores, task }).lambda),
      ...adopted.map(({ lambda }) => lambda),
    ];
    const advanceSchedule = new AdvanceSchedule(this, 'AdvanceSchedule', stores).lambda;
    const auditStorage = new AuditStorage(this, 'AuditStorage', stores).lambda;
    const scheduling = new Scheduling(this, 'Scheduling', {
      tasks: functions,
      advanceSchedule,
      undeliveredStarts: queues.undeliveredStarts,
    });
    const serveApi = new ServeApi(this, 'ServeApi', { ...stores, tasks });
    new ProjectSchedules(this, 'ProjectSchedules', {
      ...stores,
      scheduling,
      advanceSchedule,
      adopted,
    });
    const errands = {
      backdating: new RunBackdating(this, 'RunBackdating', stores).lambda,
      backfill: new RunBackfill(this, 'RunBackfill', stores).lambda,
    };
    new StartJobs(this, 'StartJobs', {
      ...stores,
      tasks: functions,
      advanceSchedule,
      auditStorage,
      errands,
      adopted,
    });
    new SettleUndelivered(this, 'SettleUndelivered', stores);
    new Sweep(this, 'Sweep', { ...stores, scheduling, advanceSchedule, tasks, adopted });
    new FollowJobs(this, 'FollowJobs', stores);
    const bus = addEvents(this, stores);
    new ArchiveJobs(this, 'ArchiveJobs', stores);
    const archive = new ArchiveTable(this, 'Archive', payloads);
    const api = new Api(this, 'Api', { handler: serveApi.lambda, config });

    this.output({
      ApiUrl: api.url,
      SchedulesTable: tables.schedules.tableName,
      JobsTable: tables.jobs.tableName,
      UsageTable: tables.usage.tableName,
      PayloadBucket: payloads.bucket.bucketName,
      ArchiveTable: archive.name,
      ScheduleGroup: scheduling.group.scheduleGroupName,
      ...(bus && { EventBus: bus.eventBusName }),
    });
  }

  private output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

/**
 * Leaves the check of the bootstrap's version to the CLI, which makes it before each deploy whatever the template says. In the
 * template it would be a parameter that nothing but CloudFormation can resolve.
 *
 * The cast is CDK's: its class and its interface differ in whether two members may be present and undefined.
 */
function withoutBootstrapRule(): IStackSynthesizer {
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
}

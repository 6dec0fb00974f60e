import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Grant, statementOf } from '#infra/grant.ts';

/** What EventBridge may reach. */
export interface SchedulingProps {
  /** The functions of all tasks, each by its own ARN. */
  readonly tasks: readonly IFunction[];
  /** Takes the firings of planned schedules. */
  readonly advanceSchedule: IFunction;
  /** Where EventBridge puts a start that it could not deliver. */
  readonly undeliveredStarts: IQueue;
}

/**
 * Makes the group that holds EventBridge's copies of the schedules, and the role as which they fire.
 *
 * The group goes with the stack at every stage, and every schedule in it: the Schedules table is the truth, and copies without
 * their tasks would fire at nothing.
 */
export class Scheduling extends Construct {
  readonly group: ScheduleGroup;
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: SchedulingProps) {
    super(scope, id);
    const { tasks, advanceSchedule, undeliveredStarts } = props;
    const { stackName, account } = Stack.of(this);
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: stackName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const grants: readonly Grant[] = [
      {
        actions: ['lambda:InvokeFunction'],
        resources: [...tasks, advanceSchedule].map(({ functionArn }) => functionArn),
      },
      { actions: ['sqs:SendMessage'], resources: [undeliveredStarts.queueArn] },
    ];
    this.executionRole = new Role(this, 'ExecutionRole', {
      description: 'As which EventBridge Scheduler starts tasks',
      // Pinned to the group, the narrowest that EventBridge takes: pinned to a schedule, deliveries are dropped without a word.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': this.group.scheduleGroupArn,
          },
        },
      }),
      inlinePolicies: {
        Grants: new PolicyDocument({ statements: grants.map(statementOf) }),
      },
    });
  }

  /** Every schedule of the group, as the resource of a statement. */
  get everySchedule(): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${Stack.of(this).stackName}/*`,
    });
  }
}

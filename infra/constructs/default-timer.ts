import { Arn, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { statementOf } from '#infra/grant.ts';

/** Which function is called, and when. */
export interface DefaultTimerProps {
  readonly lambda: IFunction;
  readonly description: string;
  /** As `cron(0/5 * * * ? *)`, in UTC. */
  readonly expression: string;
  /** What it is called with; EventBridge's context attributes are filled in. */
  readonly input?: Readonly<Record<string, string>>;
  /** A call that has not been taken up so long after its time is dropped. */
  readonly longestWaitSeconds: number;
}

/** The group that every account has. Users name schedules in the stack's own group, where a timer could meet one of theirs. */
const DEFAULT_GROUP = 'default';

/** Makes a schedule by which EventBridge calls one of the stack's own functions, and the role as which it does. It does not retry. */
export class DefaultTimer extends Construct {
  constructor(scope: Construct, id: string, props: DefaultTimerProps) {
    super(scope, id);
    const { lambda, description, expression, input, longestWaitSeconds } = props;
    new CfnSchedule(this, 'Resource', {
      groupName: DEFAULT_GROUP,
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: lambda.functionArn,
        roleArn: this.role(lambda).roleArn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: longestWaitSeconds },
        ...(input && { input: JSON.stringify(input) }),
      },
    });
  }

  private role(lambda: IFunction): Role {
    const stack = Stack.of(this);
    const group = { service: 'scheduler', resource: 'schedule-group', resourceName: DEFAULT_GROUP };
    return new Role(this, 'Role', {
      description: `As which EventBridge Scheduler calls one function: ${lambda.node.path}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': Arn.format(group, stack),
          },
        },
      }),
      inlinePolicies: {
        Grants: new PolicyDocument({
          statements: [
            statementOf({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
          ],
        }),
      },
    });
  }
}

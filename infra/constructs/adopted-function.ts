import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPolicy, type IRole, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import {
  EventInvokeConfig,
  type IFunction,
  Function as LambdaFunction,
  QualifiedFunctionBase,
} from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { statementOf } from '#infra/grant.ts';
import type { AdoptedTask } from '#infra/tasks.ts';
import { FOREIGN_EVENT_AGE_SECONDS } from '#shared/domain/job/foreign-lease.ts';

/** A task that someone else's function runs, and where its ends go. */
export interface AdoptedFunctionProps {
  readonly task: AdoptedTask;
  readonly ends: IQueue;
}

/**
 * Makes Lambda tell us how an existing function ended, whether it went well or not.
 *
 * Lambda sends the end as the function's own role, and takes no destination that the role may not send to. So the role is given that one
 * permission, by a policy of this stack that goes with it; nothing else of the function is touched, but how it takes asynchronous events,
 * of which a function has one setting only.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export class AdoptedFunction extends Construct {
  readonly taskId: string;
  readonly lambda: IFunction;

  constructor(scope: Construct, id: string, { task, ends }: AdoptedFunctionProps) {
    super(scope, id);
    this.taskId = task.id;
    this.lambda = 'function' in task ? task.function(scope) : this.import(task);
    if (this.lambda instanceof QualifiedFunctionBase)
      throw new Error(`Expected "${task.id}" to have a function itself, got a version or alias.`);
    const tellsEnds = new CfnPolicy(this, 'TellsEnds', {
      policyName: `${Stack.of(this).stackName}-task-${task.id}`,
      policyDocument: new PolicyDocument({
        statements: [statementOf({ actions: ['sqs:SendMessage'], resources: [ends.queueArn] })],
      }),
      roles: [roleOf(this.lambda, task.id).roleName],
    });
    const destination = { bind: () => ({ destination: ends.queueArn }) };
    const invocations = new EventInvokeConfig(this, 'Invocations', {
      function: this.lambda,
      retryAttempts: task.lambdaRetries ?? 0,
      maxEventAge: Duration.seconds(FOREIGN_EVENT_AGE_SECONDS),
      onSuccess: destination,
      onFailure: destination,
    });
    invocations.node.addDependency(tellsEnds);
  }

  private import({
    functionArn,
    roleArn,
  }: Extract<AdoptedTask, { functionArn: string }>): IFunction {
    return LambdaFunction.fromFunctionAttributes(this, 'Function', {
      functionArn,
      role: Role.fromRoleArn(this, 'Role', roleArn),
      sameEnvironment: true,
    });
  }
}

function roleOf({ role }: IFunction, taskId: string): IRole {
  if (role) return role;
  throw new Error(
    `Expected the function of "${taskId}" to come with its role, got none; import it by fromFunctionAttributes with its role.`,
  );
}

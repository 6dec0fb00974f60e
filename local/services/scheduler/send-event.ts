import type { Authorizer, Permission } from '#local/iam/caller.ts';
import { ServiceFault } from '#local/services/local-service.ts';
import {
  LambdaInvokeInput,
  SqsSendMessageInput,
  targetPlan,
} from '#local/services/scheduler/check-target.ts';
import type { RoleTrust } from '#local/services/scheduler/role-trust.ts';
import type { TargetMembers } from '#local/services/scheduler/schedule-members.ts';
import type { SchedulerArns } from '#local/services/scheduler/scheduler-arns.ts';

/** Lambda, as far as a schedule invokes it. */
export interface ScheduledFunctions {
  /** Queues an asynchronous invocation; throws a `ServiceFault` where Lambda would refuse it. */
  invokeEvent(functionArn: string, payload: Buffer): void;
}

/** SQS, as far as a schedule sends to it. */
export interface ScheduledQueues {
  /** Sends a message with string attributes; throws a `ServiceFault` where SQS would refuse it. */
  send(
    queueArn: string,
    message: { readonly body: string; readonly attributes?: Readonly<Record<string, string>> },
  ): unknown;
}

/** Whom events are sent to, and who is asked first. */
export interface EventSender {
  readonly roles: RoleTrust;
  readonly authorizer: Authorizer;
  readonly functions: ScheduledFunctions;
  readonly queues: ScheduledQueues;
  readonly arns: SchedulerArns;
}

/** An event whose Input is filled in. */
export interface OutgoingEvent {
  readonly groupArn: string;
  readonly target: TargetMembers;
  readonly input: string;
}

/** How an attempt failed: AWS's code and message, and whether another may do better. */
export interface SendFailure {
  readonly code: string;
  readonly message: string;
  readonly isRetryable: boolean;
}

/** The request that an event makes at its target. */
export interface TargetRequest {
  readonly api: 'lambda:invoke' | 'sqs:sendMessage';
  /** Its members as the AWS SDK names them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What the role needs for it. */
  readonly permission: Permission;
  /** Carries it out; throws a `ServiceFault` where the target refuses. */
  run(sender: EventSender): void;
}

const NOT_ASSUMABLE =
  'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.';

/**
 * Checks that EventBridge Scheduler may act as a role, from a group.
 *
 * @returns AWS's own sentence when it may not.
 */
export function refusalToAssume(
  roleArn: string,
  groupArn: string,
  { roles, arns }: Pick<EventSender, 'roles' | 'arns'>,
): string | undefined {
  const isTrusted = roles.mayAssume({
    roleArn,
    principalService: 'scheduler.amazonaws.com',
    context: { 'aws:SourceAccount': arns.account, 'aws:SourceArn': groupArn },
  });
  return isTrusted ? undefined : NOT_ASSUMABLE;
}

/**
 * Sends an event to its target once, as the schedule's role.
 *
 * @returns How it failed, or `undefined` when the target took it: for a function, into its queue.
 */
export function sendEvent(
  event: OutgoingEvent,
  request: TargetRequest,
  sender: EventSender,
): SendFailure | undefined {
  return attempt(event, request.permission, { sender, send: () => request.run(sender) });
}

/** Sends what could not be delivered to the dead-letter queue, as the schedule's role. */
export function sendDeadLetter(
  event: OutgoingEvent,
  letter: { readonly body: string; readonly attributes: Readonly<Record<string, string>> },
  sender: EventSender,
): SendFailure | undefined {
  const queueArn = event.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return undefined;
  return attempt(
    event,
    { action: 'sqs:SendMessage', resource: queueArn },
    { sender, send: () => void sender.queues.send(queueArn, letter) },
  );
}

/** Turns what a target throws into AWS's terms: throttles and faults of its own pass, all else stays. */
function attempt(
  { target, groupArn }: OutgoingEvent,
  permission: Permission,
  { sender, send }: { readonly sender: EventSender; readonly send: () => void },
): SendFailure | undefined {
  const refusal =
    refusalToAssume(target.RoleArn, groupArn, sender) ??
    refusalOf(permission, target.RoleArn, sender.authorizer);
  if (refusal !== undefined)
    return { code: 'AccessDeniedException', message: refusal, isRetryable: false };
  try {
    send();
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceFault))
      return {
        code: 'AWS.Scheduler.InternalServerError',
        message: 'Unexpected error occurred while processing the request',
        isRetryable: true,
      };
    const isThrottle = error.status === 429 || /Throttl|TooManyRequests/.test(error.code);
    const isRetryable = isThrottle || error.status >= 500;
    return { code: error.code, message: error.message, isRetryable };
  }
}

function refusalOf(
  permission: Permission,
  roleArn: string,
  authorizer: Authorizer,
): string | undefined {
  const decision = authorizer.decide({ kind: 'role', roleArn, actor: 'scheduler' }, permission);
  return decision.kind === 'denied' ? decision.message : undefined;
}

/** Makes the request that an event stands for. */
export function targetRequest(
  { target, input }: OutgoingEvent,
  arns: SchedulerArns,
): TargetRequest {
  const plan = targetPlan(target.Arn);
  switch (plan?.kind) {
    case undefined:
      throw new Error(`Expected a target that was checked, got ${target.Arn}.`);
    case 'lambda':
      return invocation(plan.functionArn, input);
    case 'sqs':
      return message(plan.queueArn, { body: input });
    case 'universal-lambda': {
      const request = LambdaInvokeInput.parse(JSON.parse(input));
      return invocation(functionArn(request.FunctionName, arns), request.Payload ?? '');
    }
    case 'universal-sqs': {
      const request = SqsSendMessageInput.parse(JSON.parse(input));
      const attributes = Object.entries(request.MessageAttributes ?? {}).map(
        ([name, { StringValue }]) => [name, StringValue] as const,
      );
      return message(queueArn(request.QueueUrl, arns), {
        body: request.MessageBody,
        attributes: Object.fromEntries(attributes),
      });
    }
  }
}

function invocation(arn: string, payload: string): TargetRequest {
  return {
    api: 'lambda:invoke',
    parameters: { FunctionName: arn, InvocationType: 'Event', Payload: payload },
    permission: { action: 'lambda:InvokeFunction', resource: arn },
    run: ({ functions }) => functions.invokeEvent(arn, Buffer.from(payload)),
  };
}

function message(
  arn: string,
  sent: { readonly body: string; readonly attributes?: Readonly<Record<string, string>> },
): TargetRequest {
  const [, , , region, account, name] = arn.split(':');
  return {
    api: 'sqs:sendMessage',
    parameters: {
      MessageBody: sent.body,
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
    },
    permission: { action: 'sqs:SendMessage', resource: arn },
    run: ({ queues }) => void queues.send(arn, sent),
  };
}

function functionArn(nameOrArn: string, { region, account }: SchedulerArns): string {
  return nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:lambda:${region}:${account}:function:${nameOrArn}`;
}

function queueArn(queueUrl: string, { region, account }: SchedulerArns): string {
  return `arn:aws:sqs:${region}:${account}:${queueUrl.split('/').at(-1)}`;
}

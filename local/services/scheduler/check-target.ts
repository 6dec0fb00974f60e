import * as z from 'zod';
import type { TargetMembers } from '#local/services/scheduler/schedule-members.ts';
import { invalid } from '#local/services/scheduler/scheduler-fault.ts';

/** What a schedule does at its target, as far as it is settled before a firing. */
export type TargetPlan =
  | { readonly kind: 'lambda'; readonly functionArn: string }
  | { readonly kind: 'sqs'; readonly queueArn: string }
  | { readonly kind: 'universal-lambda' }
  | { readonly kind: 'universal-sqs' };

/** An Input over 256 KB is refused. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
const MAX_INPUT_BYTES = 262_144;
const UNIVERSAL_PREFIX = 'arn:aws:scheduler:::aws-sdk:';

/**
 * The services that templated targets name.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 */
const TEMPLATED_SERVICES = new Set(
  'codebuild codepipeline ecs events firehose inspector kinesis lambda sagemaker sns sqs states'.split(
    ' ',
  ),
);

/** Which service each block of parameters belongs to. */
const PARAMETERS = {
  EcsParameters: 'ecs',
  EventBridgeParameters: 'events',
  KinesisParameters: 'kinesis',
  SageMakerPipelineParameters: 'sagemaker',
  SqsParameters: 'sqs',
} as const;

/** The Input of `aws-sdk:lambda:invoke`. */
export const LambdaInvokeInput = z.strictObject({
  FunctionName: z.string().min(1),
  InvocationType: z.literal('Event'),
  Payload: z.string().optional(),
});

/** The Input of `aws-sdk:sqs:sendMessage`. */
export const SqsSendMessageInput = z.strictObject({
  QueueUrl: z.string().min(1),
  MessageBody: z.string().min(1),
  MessageAttributes: z
    .record(z.string(), z.strictObject({ DataType: z.literal('String'), StringValue: z.string() }))
    .optional(),
});

/**
 * Reads what a target's ARN stands for, of what this cloud reaches.
 *
 * @returns `undefined` for all else.
 */
export function targetPlan(arn: string): TargetPlan | undefined {
  if (arn === `${UNIVERSAL_PREFIX}lambda:invoke`) return { kind: 'universal-lambda' };
  if (arn === `${UNIVERSAL_PREFIX}sqs:sendMessage`) return { kind: 'universal-sqs' };
  if (/^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(arn))
    return { kind: 'lambda', functionArn: arn };
  if (/^arn:aws:sqs:[^:]+:\d{12}:[\w-]+$/.test(arn)) return { kind: 'sqs', queueArn: arn };
  return undefined;
}

/**
 * Refuses a target that AWS refuses, and one that this cloud cannot reach, in different words.
 *
 * @throws {ServiceFault} `ValidationException`. AWS's own sentences were measured with CreateSchedule.
 * @see https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/scheduler
 */
export function checkTarget(target: TargetMembers, region: string): void {
  if (Buffer.byteLength(target.Input ?? '') > MAX_INPUT_BYTES)
    throw invalid(`The input for the target must not be larger than ${MAX_INPUT_BYTES} bytes.`);
  const isUniversal = target.Arn.startsWith(UNIVERSAL_PREFIX);
  if (isUniversal) checkUniversal(target);
  else checkTemplated(target, region);
  refuseForeignParameters(target);
  const plan = targetPlan(target.Arn);
  if (!plan)
    throw invalid(
      `The local EventBridge Scheduler does not reach ${target.Arn}: it knows Lambda functions, standard SQS queues, and as universal targets lambda:invoke and sqs:sendMessage.`,
    );
  if (plan.kind === 'lambda' || isUniversal) requireJson(target.Input);
  if (plan.kind === 'universal-lambda') requireRequest(LambdaInvokeInput, target.Input);
  if (plan.kind === 'universal-sqs') requireRequest(SqsSendMessageInput, target.Input);
}

function checkTemplated(target: TargetMembers, region: string): void {
  const [arn, , service = '', targetRegion, , resource] = target.Arn.split(':');
  if (arn !== 'arn' || resource === undefined)
    throw invalid(`Provided target ARN ${target.Arn} is not in correct format.`);
  if (!TEMPLATED_SERVICES.has(service))
    throw invalid(`${service} is not a supported service for a target.`);
  if (targetRegion !== region)
    throw invalid(`The target ARN provided does not match the current region ${region}.`);
  if (service === 'sqs') checkQueue(target);
}

function checkQueue(target: TargetMembers): void {
  const isFifo = target.Arn.endsWith('.fifo');
  if (isFifo && !target.SqsParameters) throw invalid('Parameters SqsParameters must be specified.');
  if (!isFifo && target.SqsParameters?.MessageGroupId !== undefined)
    throw invalid('Parameters MessageGroupId not valid for the target.');
}

function checkUniversal(target: TargetMembers): void {
  const api = target.Arn.split(':')[7] ?? '';
  if (/^(get|describe|list)/.test(api)) throw invalid(`${api} API is not supported.`);
  if (target.Input === undefined)
    throw invalid('You must provide an input to set this target for your schedule.');
}

function requireRequest(schema: z.ZodType, input = ''): void {
  const result = schema.safeParse(JSON.parse(input));
  if (result.success) return;
  const reasons = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalid(
    `The local EventBridge Scheduler does not send this request: ${reasons.join('; ')}.`,
  );
}

function refuseForeignParameters(target: TargetMembers): void {
  const service = target.Arn.split(':')[2];
  for (const [name, owner] of Object.entries(PARAMETERS))
    if (Reflect.get(target, name) !== undefined && owner !== service)
      throw invalid(`Parameters ${name} not supported for the target.`);
}

function requireJson(input = 'null'): void {
  try {
    JSON.parse(input);
  } catch (cause) {
    throw invalid('JSON syntax error in input for the target.', cause);
  }
}

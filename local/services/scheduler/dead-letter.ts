import type { ExhaustedRetryCondition } from '#local/services/scheduler/decide-retry.ts';
import type { EventContext } from '#local/services/scheduler/fill-input.ts';
import type { SendFailure, TargetRequest } from '#local/services/scheduler/send-event.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** A message for a dead-letter queue, its attributes all strings. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An event that was given up, and why. */
export interface GivenUpEvent {
  readonly context: EventContext;
  readonly input: string;
  readonly request: TargetRequest;
  readonly failure: SendFailure;
  /** Absent where a permanent error ended it. */
  readonly exhausted?: ExhaustedRetryCondition | undefined;
}

/** Beyond it the body is cut, and the letter says so. See https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html */
const MAX_LETTER_BYTES = 262_144;

/**
 * Writes the dead letter of an event.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function deadLetter(
  { context, input, request, failure, exhausted }: GivenUpEvent,
  bodyHolds: UndocumentedChoices['deadLetterBody'],
): DeadLetter {
  const whole = Buffer.from(bodyHolds === 'input' ? input : JSON.stringify(request.parameters));
  const attributes = {
    ERROR_CODE: failure.code,
    // SQS refuses an attribute without a value.
    ERROR_MESSAGE: failure.message || failure.code,
    EXECUTION_ID: context.executionId,
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(context.attemptNumber - 1),
    SCHEDULED_TIME: context.scheduledTime,
    SCHEDULE_ARN: context.scheduleArn,
    TARGET_ARN: `arn:aws:scheduler:::aws-sdk:${request.api}`,
  };
  const room = MAX_LETTER_BYTES - bytesOf(attributes);
  if (whole.length <= room) return { body: whole.toString(), attributes };
  return {
    body: withoutBrokenEnd(whole.subarray(0, room)),
    attributes: { ...attributes, IS_PAYLOAD_TRUNCATED: 'true' },
  };
}

/** SQS counts names, types and values of attributes into a message's size. */
function bytesOf(attributes: Readonly<Record<string, string>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(`${name}String${value}`),
    0,
  );
}

/** A character that the cut went through becomes U+FFFD; it is left out. */
function withoutBrokenEnd(bytes: Buffer): string {
  return bytes.toString().replace(/\uFFFD$/, '');
}

import type { EventCondition } from '#local/services/lambda/async-decision.ts';
import { jsonOr } from '#local/services/lambda/json-or.ts';
import { LATEST } from '#local/services/lambda/lambda-function.ts';

/** An event that Lambda lets go of. */
export interface FinishedEvent {
  readonly requestId: string;
  readonly functionArn: string;
  readonly condition: EventCondition;
  /** Invocations that reached the function. */
  readonly invokeCount: number;
  readonly request: Buffer;
  /** The function's last answer, where it gave one. */
  readonly response: { readonly payload: Buffer; readonly isError: boolean } | undefined;
  readonly nowMs: number;
}

/**
 * Words the record of an asynchronous invocation, for a destination.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function asyncRecord(event: FinishedEvent): Readonly<Record<string, unknown>> {
  const { response } = event;
  return {
    version: '1.0',
    timestamp: new Date(event.nowMs).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:${LATEST}`,
      condition: event.condition,
      approximateInvokeCount: event.invokeCount,
    },
    requestPayload: parsed(event.request),
    ...(response && {
      responseContext: {
        statusCode: 200,
        executedVersion: LATEST,
        ...(response.isError && { functionError: 'Unhandled' }),
      },
      responsePayload: parsed(response.payload),
    }),
  };
}

/** A streamed answer need not be JSON; it then stands as text. */
function parsed(payload: Buffer): unknown {
  const text = payload.toString();
  return jsonOr(text, text);
}

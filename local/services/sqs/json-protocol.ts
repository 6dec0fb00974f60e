import * as z from 'zod';
import {
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';
import type { SqsOutput } from '#local/services/sqs/sqs-call.ts';
import { shapeName } from '#local/services/sqs/sqs-fault.ts';

const TARGET = /^AmazonSQS\.(\w+)$/;

const input = z.record(z.string(), z.unknown());

/** Tells whether a request speaks AWS JSON 1.0, as the SDKs do, and not the older protocol. */
export function isJsonCall({ headers }: WireRequest): boolean {
  return headers['x-amz-target'] !== undefined;
}

/** Reads a call of AWS JSON 1.0. @throws {ServiceFault} `SerializationException`. */
export function readJsonCall(request: WireRequest): {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
} {
  const parsed = input.safeParse(parseBody(request.body.toString() || '{}'));
  if (!parsed.success)
    throw new ServiceFault('SerializationException', 'The body is not a JSON object.', {
      cause: parsed.error,
    });
  return {
    action: TARGET.exec(request.headers['x-amz-target'] ?? '')?.[1] ?? '',
    input: parsed.data,
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts an answer in JSON. */
export function jsonAnswer(output: SqsOutput): WireResponse {
  return { status: 200, headers: JSON_1_0, body: JSON.stringify(output) };
}

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

/** Puts a fault in JSON, with the header that tells its code in the older protocol. */
export function jsonFault({ code, message, status }: ServiceFault): WireResponse {
  return {
    status,
    headers: {
      ...JSON_1_0,
      'x-amzn-query-error': `${code};${status >= 500 ? 'Receiver' : 'Sender'}`,
    },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${shapeName(code)}`, message }),
  };
}

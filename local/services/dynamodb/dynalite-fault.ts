import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';

/** What dynalite puts on the errors that it wants answered. */
const AnsweredError = z.object({
  statusCode: z.number(),
  body: z.object({
    __type: z.string(),
    message: z.string().optional(),
    Message: z.string().optional(),
  }),
});

/**
 * Turns an error of dynalite's into a fault, and gives any other back as it is.
 *
 * It words an empty key as AWS does on every path; dynalite does so only for PutItem.
 */
export function toServiceFault(error: unknown): unknown {
  const answered = AnsweredError.safeParse(error);
  if (!answered.success) return error;
  const { statusCode, body } = answered.data;
  const code = body.__type.slice(body.__type.indexOf('#') + 1);
  const message = (body.message ?? body.Message ?? '').replace(EMPTY_KEY, 'are not valid. $1');
  return new ServiceFault(code, message, { status: statusCode, cause: error });
}

const EMPTY_KEY =
  /were invalid: (The AttributeValue for a key attribute cannot contain an empty )/u;

/** Makes DynamoDB's refusal of a request that says something wrong. */
export function invalidRequest(message: string): ServiceFault {
  return new ServiceFault('ValidationException', message);
}

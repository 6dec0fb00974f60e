import { ACCESS_DENIED, ServiceFault, type WireResponse } from '#local/services/local-service.ts';

/**
 * The errors of EventBridge that the local cloud makes.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html
 */
type EventsCode =
  | 'ValidationException'
  | 'SerializationException'
  | 'ResourceNotFoundException'
  | 'InvalidEventPatternException'
  | 'UnknownOperationException';

/** Codes of the HTTP front, in this service's words. */
const OWN_CODES: Readonly<Record<string, string>> = {
  [ACCESS_DENIED]: 'AccessDeniedException',
  InternalServerError: 'InternalException',
  RequestEntityTooLarge: 'RequestEntityTooLargeException',
};

/** Makes an error of EventBridge. */
export function eventsFault(code: EventsCode, message: string, cause?: unknown): ServiceFault {
  return new ServiceFault(code, message, { cause });
}

/** Puts an error in AWS JSON 1.1. */
export function renderEventsFault({ code, message, status }: ServiceFault): WireResponse {
  return {
    status,
    headers: JSON_1_1,
    body: JSON.stringify({ __type: OWN_CODES[code] ?? code, message }),
  };
}

/** The headers of each answer. */
export const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };

import {
  ACCESS_DENIED,
  type ServiceFault,
  type WireResponse,
} from '#local/services/local-service.ts';

/** Lambda's own names for the faults that the HTTP front makes. */
const LAMBDA_CODES: Readonly<Record<string, string>> = {
  [ACCESS_DENIED]: 'AccessDeniedException',
  RequestEntityTooLarge: 'RequestEntityTooLargeException',
  InternalServerError: 'ServiceException',
};

/** The faults whose model spells the member `Message`; the others have `message`. */
const CAPITALIZED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'ServiceException',
]);

/**
 * Puts a fault in the words of Lambda's REST JSON protocol.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
 */
export function renderLambdaFault(fault: ServiceFault): WireResponse {
  const code = LAMBDA_CODES[fault.code] ?? fault.code;
  return {
    status: fault.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({
      ...fault.members,
      Type: fault.status >= 500 ? 'Service' : 'User',
      [CAPITALIZED.has(code) ? 'Message' : 'message']: fault.message,
    }),
  };
}

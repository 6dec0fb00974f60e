import { ACCESS_DENIED, ServiceFault, type WireResponse } from '#local/services/local-service.ts';

/**
 * The errors of EventBridge Scheduler, with the status that its model gives each.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
 */
const STATUS = {
  ValidationException: 400,
  SerializationException: 400,
  ServiceQuotaExceededException: 402,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  ConflictException: 409,
  RequestEntityTooLargeException: 413,
  ThrottlingException: 429,
  InternalServerException: 500,
} as const;

type SchedulerCode = keyof typeof STATUS;

/** Codes of the HTTP front, in this service's words. */
const OWN_CODES: Readonly<Record<string, SchedulerCode>> = {
  [ACCESS_DENIED]: 'AccessDeniedException',
  InternalServerError: 'InternalServerException',
  RequestEntityTooLarge: 'RequestEntityTooLargeException',
};

/** Makes an error of EventBridge Scheduler. */
export function schedulerFault(
  code: SchedulerCode,
  message: string,
  cause?: unknown,
): ServiceFault {
  return new ServiceFault(code, message, { status: STATUS[code], cause });
}

/** Makes the error that nearly every refusal of this service is. */
export function invalid(message: string, cause?: unknown): ServiceFault {
  return schedulerFault('ValidationException', message, cause);
}

/** Puts an error in restJson1: its code in a header, its message in the body as the model names it. */
export function renderSchedulerFault(fault: ServiceFault): WireResponse {
  const code = OWN_CODES[fault.code] ?? fault.code;
  return {
    status: fault.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ Message: fault.message }),
  };
}

import { ServiceFault, type ServiceName } from '#local/services/local-service.ts';

/**
 * How each service says that it gets too many requests; the SDKs know these codes, and wait longer before they try again.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html
 */
const CODES: Readonly<Record<ServiceName, { readonly code: string; readonly status: number }>> = {
  dynamodb: { code: 'ThrottlingException', status: 400 },
  s3: { code: 'SlowDown', status: 503 },
  sqs: { code: 'RequestThrottled', status: 400 },
  lambda: { code: 'TooManyRequestsException', status: 429 },
  scheduler: { code: 'ThrottlingException', status: 429 },
  events: { code: 'ThrottlingException', status: 400 },
  api: { code: 'TooManyRequestsException', status: 429 },
};

/** Makes the refusal of a service that is asked too often. */
export function throttling(service: ServiceName): ServiceFault {
  const { code, status } = CODES[service];
  return new ServiceFault(code, 'Rate exceeded.', { status });
}

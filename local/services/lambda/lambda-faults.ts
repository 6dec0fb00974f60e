import { ServiceFault } from '#local/services/local-service.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
type ThrottleReason =
  | 'ConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded';

/** Refuses an invocation that finds no place. */
export function throttled(reason: ThrottleReason): ServiceFault {
  return new ServiceFault('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Reason: reason },
  });
}

/** Refuses a function that the template does not define. */
export function functionNotFound(functionArn: string): ServiceFault {
  return new ServiceFault('ResourceNotFoundException', `Function not found: ${functionArn}`, {
    status: 404,
  });
}

/** Refuses work once the service has begun to end. */
export function closing(): ServiceFault {
  return new ServiceFault('ServiceException', 'The local Lambda service is closing.', {
    status: 500,
  });
}

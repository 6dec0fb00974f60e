import { ServiceFault } from '#local/services/local-service.ts';

const NAMESPACE = 'AWS.SimpleQueueService.';

/** Makes a fault with a code of SQS's own, as `AWS.SimpleQueueService.EmptyBatchRequest`. */
export function sqsFault(name: string, message: string): ServiceFault {
  return new ServiceFault(`${NAMESPACE}${name}`, message);
}

/** Makes a fault of a parameter whose value does not do. */
export function invalidParameter(message: string, cause?: unknown): ServiceFault {
  return new ServiceFault('InvalidParameterValue', message, { cause });
}

/** Names the fault's shape in the JSON protocol, where the model has another name than the older code. */
export function shapeName(code: string): string {
  const name = code.replace(NAMESPACE, '');
  if (name === 'NonExistentQueue') return 'QueueDoesNotExist';
  return name === 'QueueAlreadyExists' ? 'QueueNameExists' : name;
}

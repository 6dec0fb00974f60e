import * as z from 'zod';

/** A destination as templates name it. Of AWS's kinds, only queues are taken here. */
export const queueDestination = z.strictObject({
  Destination: z
    .string()
    .regex(
      /^arn:aws:sqs:/,
      'Expected the ARN of a queue: the local cloud has no other destination.',
    ),
});

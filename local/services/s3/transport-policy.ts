import * as z from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const insecureTransport = z.strictObject({
  Bool: z.strictObject({ 'aws:SecureTransport': z.literal(['false', false]) }),
});

const oldTls = z.strictObject({
  NumericLessThan: z.strictObject({ 's3:TlsVersion': z.union([z.string(), z.number()]) }),
});

/**
 * A resource policy that only denies calls over an insecure transport.
 *
 * Such a policy is kept and shown, and has no effect here: the endpoint is plain HTTP on the loopback address, so it
 * could only ever deny everything. A statement that means anything else is refused at start, since nothing here would
 * apply it.
 */
export const transportPolicy = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.literal('Deny'),
      Principal: z.union([z.literal('*'), z.strictObject({ AWS: oneOrMore })]),
      Action: oneOrMore,
      Resource: oneOrMore,
      Condition: z.union([insecureTransport, oldTls], {
        error:
          'Expected a statement to deny insecure transport: the local cloud applies no other resource policy.',
      }),
    }),
  ),
});

import * as z from 'zod';
import { conditionSchema } from '#local/iam/policy-condition.ts';

const version = z.literal('2012-10-17');
const effect = z.enum(['Allow', 'Deny']);

const action = z
  .string()
  .regex(/^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/, 'expected an action as service:Action, or *');

const resource = z
  .string()
  .regex(
    /^(\*|arn:aws:[a-z0-9-]+:[^:]*:[^:]*:.+)$/,
    'expected an ARN whose service is named, or a lone *',
  )
  .refine((arn) => !arn.includes('${'), 'expected no policy variable: none is evaluated here');

function oneOrMore<T>(element: z.ZodType<T>) {
  return z.preprocess((input) => (Array.isArray(input) ? input : [input]), z.array(element).min(1));
}

/**
 * Reads a policy of what a role may do.
 *
 * `NotAction`, `NotResource`, `Principal` and whatever else is not evaluated here is an issue.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export const identityPolicySchema = z.strictObject({
  Version: version,
  Id: z.string().optional(),
  Statement: oneOrMore(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: effect,
      Action: oneOrMore(action),
      Resource: oneOrMore(resource),
      Condition: conditionSchema.default([]),
    }),
  ),
});

/** One statement of {@link identityPolicySchema}. */
export type IdentityStatement = z.infer<typeof identityPolicySchema>['Statement'][number];

/** Reads a policy of which services may act as a role; any principal but a service is an issue. */
export const trustPolicySchema = z.strictObject({
  Version: version,
  Statement: oneOrMore(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: effect,
      Action: oneOrMore(z.literal('sts:AssumeRole')),
      Principal: z.strictObject({
        Service: oneOrMore(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/)),
      }),
      Condition: conditionSchema.default([]),
    }),
  ),
});

/** One statement of {@link trustPolicySchema}. */
export type TrustStatement = z.infer<typeof trustPolicySchema>['Statement'][number];

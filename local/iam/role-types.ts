import * as z from 'zod';
import type { Policies } from '#local/iam/policies.ts';
import { identityPolicySchema, trustPolicySchema } from '#local/iam/policy-document.ts';
import { roleId } from '#local/iam/role-id.ts';
import { physicalName } from '#local/template/physical-name.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const roleProperties = z.strictObject({
  RoleName: z.string().optional(),
  AssumeRolePolicyDocument: trustPolicySchema,
  Policies: z
    .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: identityPolicySchema }))
    .default([]),
  ManagedPolicyArns: z
    .array(z.unknown())
    .max(0, 'expected statements written by hand in place of managed policies')
    .optional(),
});

const policyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: identityPolicySchema,
  Roles: z.array(z.string()).min(1),
});

/**
 * Lets a template define the roles of a local cloud and their policies.
 *
 * @param policies - Where the roles are kept and asked.
 * @returns `AWS::IAM::Role` and `AWS::IAM::Policy`.
 */
export function roleTypes(policies: Policies): readonly ResourceType[] {
  const arnsByName = new Map<string, string>();
  const role = resourceType({
    type: 'AWS::IAM::Role',
    properties: roleProperties,
    inert: {
      Description: 'A note for people.',
      MaxSessionDuration: 'Credentials here live as long as the process that has them.',
      Tags: 'No policy here reads tags.',
    },
    identify: ({ property, account, ...resource }) => {
      // See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html for the length of a name.
      const name = property('RoleName') ?? physicalName(resource, 64);
      const arn = `arn:aws:iam::${account}:role/${name}`;
      return { ref: name, attributes: { Arn: arn, RoleId: roleId(arn) } };
    },
    create: (properties, { ref, attributes: { Arn: arn = '' } }) => {
      arnsByName.set(ref, arn);
      policies.addRole(arn, properties.AssumeRolePolicyDocument.Statement);
      for (const { PolicyDocument: document } of properties.Policies)
        policies.attach(arn, document.Statement);
    },
  });
  const policy = resourceType({
    type: 'AWS::IAM::Policy',
    properties: policyProperties,
    inert: {},
    identify: ({ property, ...resource }) => {
      const name = property('PolicyName') ?? resource.logicalId;
      return { ref: name, attributes: { Id: physicalName(resource, 128) } };
    },
    create: ({ PolicyDocument: document, Roles: roles }) => {
      for (const name of roles) policies.attach(arnsByName.get(name) ?? name, document.Statement);
    },
  });
  return [role, policy];
}

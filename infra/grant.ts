import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledge, type Reason } from '#infra/acknowledge.ts';

/** One statement of a role: these actions on these resources, and nothing beside them. */
export interface Grant {
  /** Named one by one, as `dynamodb:Query`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What must hold besides, as `{StringEquals: {…}}`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Needed where a resource ends in `*`: why it cannot be named exactly. */
  readonly wildcard?: Reason;
}

/** Writes a grant as the statement of a policy. */
export function statementOf({ actions, resources, conditions = {} }: Grant): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}

/** Lets stand what cdk-nag finds in the wildcards of a role's grants, each with the grant's own reason. */
export function acknowledgeWildcards(role: IConstruct, grants: readonly Grant[]): void {
  for (const { resources, wildcard } of grants)
    if (wildcard !== undefined)
      for (const resource of resources)
        acknowledge(role, `AwsSolutions-IAM5[Resource::${flatten(role, resource)}]`, wildcard);
}

/**
 * Writes a resource as cdk-nag names it in a finding: references in angle brackets, as `<PayloadsBucket1A2B3C4D.Arn>/results/*`.
 *
 * @see https://github.com/cdklabs/cdk-nag/blob/main/src/utils/flatten-cfn-reference.ts
 */
function flatten(scope: IConstruct, resource: string): string {
  return flattenValue(Stack.of(scope).resolve(resource));
}

function flattenValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const intrinsic: Readonly<Record<string, unknown>> = { ...value };
  const join = intrinsic['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1]))
    return join[1].map(flattenValue).join(String(join[0]));
  const attribute = intrinsic['Fn::GetAtt'];
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  return `<${String(intrinsic['Ref'])}>`;
}

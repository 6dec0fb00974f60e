import { createHash } from 'node:crypto';
import { evaluateConditions } from '#local/template/evaluate-conditions.ts';
import type { Json, Template } from '#local/template/parse-template.ts';
import {
  NO_VALUE,
  type Resolved,
  ResolveFault,
  type ResolveScope,
} from '#local/template/resolve-value.ts';
import type { ResourceIdentity } from '#local/template/resource-type.ts';

/** Where a stack is deployed. */
export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
}

/**
 * Lets a template's values look up its parameters, maps, conditions and resources.
 *
 * @param identityOf - Gives a resource's identity; `undefined` for a logical id that the template does not have.
 * @param report - Takes each fault, with its path.
 */
export function templateScope(
  template: Template,
  place: StackPlace,
  { identityOf, report }: Resources,
): ResolveScope {
  const pseudo = pseudoParameters(place);
  const scope: ResolveScope = {
    report,
    reference: (name) => {
      const value = pseudo.get(name) ?? parameter(template, name) ?? identityOf(name)?.ref;
      if (value === undefined) throw unknown(name);
      return value;
    },
    attribute: (logicalId, name) => {
      const identity = identityOf(logicalId);
      if (identity === undefined) throw unknown(logicalId);
      const value = identity.attributes[name];
      if (value === undefined)
        throw new ResolveFault(
          `Expected an attribute that the local ${template.Resources[logicalId]?.Type} has, got ${logicalId}.${name}. Add it to the resource type's identity.`,
        );
      return value;
    },
    condition: (name) => holds(name),
    mapping: ([name, top, second]) => {
      const value = template.Mappings[name]?.[top]?.[second];
      if (value === undefined)
        throw new ResolveFault(`Expected an entry of a map, got ${[name, top, second].join('.')}.`);
      return value;
    },
  };
  const holds = evaluateConditions(template.Conditions, scope);
  return scope;
}

interface Resources {
  identityOf(logicalId: string): ResourceIdentity | undefined;
  report(fault: string): void;
}

/** See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
function pseudoParameters({ stackName, region, account }: StackPlace): Map<string, Resolved> {
  const unique = createHash('sha256').update(stackName).digest('hex').slice(0, 32);
  const uuid = unique.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return new Map<string, Resolved>([
    ['AWS::AccountId', account],
    ['AWS::NoValue', NO_VALUE],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${uuid}`],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
}

function parameter(template: Template, name: string): Json | undefined {
  const definition = template.Parameters[name];
  if (definition === undefined) return undefined;
  const { Type: type, Default: value } = definition;
  if (value === undefined)
    throw new ResolveFault(`Expected the parameter ${name} to have a default.`);
  if (type === 'String' || type === 'Number') return value;
  if (type === 'CommaDelimitedList') return value.split(',').map((part) => part.trim());
  throw new ResolveFault(
    `Expected the parameter ${name} to be a String, Number or CommaDelimitedList, got ${type}.`,
  );
}

function unknown(name: string): ResolveFault {
  return new ResolveFault(`Expected a parameter or resource of the template, got ${name}.`);
}

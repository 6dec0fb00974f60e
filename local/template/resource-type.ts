import type * as z from 'zod';

/** The values that `Ref` and `Fn::GetAtt` give for a resource. */
export interface ResourceIdentity {
  /** What `Ref` gives: the physical name, URL or ARN, as CloudFormation documents it for the type. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a resource type may know when it names itself. */
export interface NamingScope {
  readonly stackName: string;
  readonly logicalId: string;
  readonly region: string;
  readonly account: string;
  /** The resolved name properties (`TableName`, `QueueName`…), `undefined` where the template leaves the name open. */
  property(name: string): string | undefined;
}

/**
 * How the local cloud takes one CloudFormation resource type.
 *
 * Each property of the type is honoured (in the schema, which is strict) or inert (listed with its reason); a template
 * with any other is refused at start, named. So a template that starts here means here what it means on AWS.
 */
export interface ResourceType<Properties = unknown> {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  /** A strict schema of the honoured properties, applied after the inert ones are taken out. */
  readonly properties: z.ZodType<Properties>;
  /** Properties without an effect here, each with the reason. Paths with dots reach into objects. */
  readonly inert: Readonly<Record<string, string>>;
  identify(scope: NamingScope): ResourceIdentity;
  /** Makes the resource, once everything that it refers to or depends on has been made. */
  create(properties: Properties, identity: ResourceIdentity): Promise<void> | void;
}

/** Lets a list hold types of different properties: the resolver only ever passes on what the schema gave. */
export function resourceType<Properties>(definition: ResourceType<Properties>): ResourceType {
  return {
    ...definition,
    create: (properties, identity) =>
      definition.create(definition.properties.parse(properties), identity),
  };
}

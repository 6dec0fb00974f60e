import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { AlmanacStack } from '#infra/almanac-stack.ts';
import type { Stage } from '#infra/config.ts';
import { TASKS } from '#infra/tasks.ts';

const statement = z.object({
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.unknown().optional(),
});

const rolePolicies = z.array(
  z.object({ PolicyDocument: z.object({ Statement: z.array(statement) }) }),
);

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const template = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
});

export type Resource = z.output<typeof resource>;

/** Makes an app with the context of `cdk.json`. Functions are not bundled: their code is nothing that a template shows. */
export function anApp(): App {
  const { context } = z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
  return new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
}

/** Synthesizes the stack of a stage, once for each call. */
export function almanacTemplate(stage: Stage): z.output<typeof template> {
  const stack = new AlmanacStack(anApp(), { stage, tasks: TASKS });
  return template.parse(Template.fromStack(stack).toJSON());
}

const dev = almanacTemplate('dev');

/** Finds a resource of the dev stack by its logical id without the hash at the end, as `QueuesStarts`. */
export function resourceOf(name: string): Resource {
  const found = Object.entries(dev.Resources).filter(([id]) => withoutHash(id) === name);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`Expected one resource ${name}, got ${found.map(([id]) => id).join(', ')}.`);
  return only[1];
}

/** Reads the properties of a resource of the dev stack, references written flat, as `QueuesStarts.Arn`. */
export function propertiesOf(name: string): Readonly<Record<string, unknown>> {
  const properties = flatten(resourceOf(name).Properties);
  return z.record(z.string(), z.unknown()).parse(properties);
}

/** Lists what a role of the dev stack allows, one line per action and resource: `sqs:SendMessage on QueuesStarts.Arn`. */
export function grantsOf(role: string): readonly string[] {
  const policies = rolePolicies.parse(resourceOf(role).Properties['Policies']);
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [flatten(Resource)].flat().map((on) => {
          const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
          return `${action} on ${on}${condition}`;
        }),
      ),
    )
    .toSorted();
}

/** Lists the variables of a function of the dev stack. */
export function variablesOf(lambda: string): Readonly<Record<string, unknown>> {
  const { Variables } = z
    .object({ Variables: z.record(z.string(), z.unknown()) })
    .parse(propertiesOf(lambda)['Environment']);
  return Variables;
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** Writes each intrinsic function as a short text, and leaves the rest as it is. */
function flatten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flatten);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join }: Record<string, unknown> = { ...value };
  if (typeof Ref === 'string') return withoutHash(Ref);
  if (Array.isArray(attribute)) return `${withoutHash(String(attribute[0]))}.${attribute[1]}`;
  if (Array.isArray(join)) return [join[1]].flat().map(flatten).join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, flatten(member)]));
}

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';
import { resourceType } from '#local/template/resource-type.ts';
import { TemplateError } from '#local/template/template-error.ts';

const PLACE = { stackName: 'S', region: 'us-east-1', account: '000000000000' };

/** Deploys resources of one type, `Test::Thing`, whose name is `Name` or the logical id. */
async function deploy(template: Record<string, Json>, fails: string[] = []) {
  const made: [string, unknown][] = [];
  const thing = resourceType({
    type: 'Test::Thing',
    properties: z.strictObject({
      Name: z.string().optional(),
      Size: z
        .number()
        .transform((size) => `size ${size}`)
        .optional(),
      Needs: z.unknown().optional(),
      Either: z.union([z.string(), z.strictObject({ A: z.string() })]).optional(),
    }),
    inert: { Tags: 'Shown in a console.', 'Needs.Colour': 'Decoration.' },
    identify: ({ logicalId, account, property }) => {
      const ref = property('Name') ?? logicalId.toLowerCase();
      return { ref, attributes: { Arn: `arn:${account}:${ref}` } };
    },
    create: (properties, { ref }) => {
      if (fails.includes(ref)) throw new Error('no room');
      made.push([ref, properties]);
    },
  });
  const { outputs, resources } = await deployTemplate(parseTemplate(template), PLACE, [thing]);
  return { made, outputs, resources };
}

const thing = (properties: Record<string, Json> = {}, attributes: Record<string, Json> = {}) => ({
  Type: 'Test::Thing',
  Properties: properties,
  ...attributes,
});

async function faultsOf(template: Record<string, Json>): Promise<readonly string[]> {
  const error = await deploy(template).then(
    () => undefined,
    (rejection: unknown) => rejection,
  );
  if (!(error instanceof TemplateError)) throw error;
  return error.faults;
}

describe('deployTemplate', () => {
  it('makes each resource after what it refers to or depends on, with resolved properties', async () => {
    const { made, resources } = await deploy({
      Resources: {
        A: thing({ Needs: { 'Fn::GetAtt': ['B', 'Arn'] }, Size: 2, Tags: ['t'] }),
        B: thing({ Name: { 'Fn::Sub': `\${C}-b` } }, { DependsOn: 'D' }),
        C: thing(),
        D: thing({ Needs: { Colour: 'red', Shape: 'round' } }),
      },
    });

    expect(made).toEqual([
      ['d', { Needs: { Shape: 'round' } }],
      ['c', {}],
      ['c-b', { Name: 'c-b' }],
      ['a', { Needs: 'arn:000000000000:c-b', Size: 'size 2' }],
    ]);
    expect(resources.get('B')).toEqual({
      type: 'Test::Thing',
      ref: 'c-b',
      attributes: { Arn: 'arn:000000000000:c-b' },
    });
  });

  it('resolves outputs from resources, parameters with defaults, maps and pseudo parameters', async () => {
    const { outputs } = await deploy({
      Parameters: {
        Stage: { Type: 'String', Default: 'dev' },
        Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      },
      Mappings: { Names: { dev: { short: 'd' } } },
      Resources: { A: thing() },
      Outputs: {
        Name: { Value: { Ref: 'A' }, Description: 'x', Export: { Name: 'x' } },
        Short: { Value: { 'Fn::FindInMap': ['Names', { Ref: 'Stage' }, 'short'] } },
        Zone: { Value: { 'Fn::Select': [1, { Ref: 'Zones' }] } },
        Place: {
          Value: {
            'Fn::Sub': `\${AWS::Partition} \${AWS::Region} \${AWS::AccountId} \${AWS::StackName} \${AWS::URLSuffix}`,
          },
        },
      },
    });

    expect(outputs).toEqual({
      Name: 'a',
      Short: 'd',
      Zone: 'b',
      Place: 'aws us-east-1 000000000000 S amazonaws.com',
    });
  });

  it('leaves out what conditions and CDK leave out', async () => {
    const { made, outputs } = await deploy({
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: {
        IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
        Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
        Any: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
      },
      Resources: {
        Dev: thing({}, { Condition: 'IsDev', DependsOn: ['Prod'] }),
        Prod: thing({}, { Condition: 'IsProd' }),
        None: thing({}, { Condition: 'Both' }),
        Some: thing(
          { Needs: { 'Fn::If': ['IsProd', { Ref: 'Prod' }, 'own'] } },
          { Condition: 'Any' },
        ),
        CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2' } },
      },
      Outputs: { Prod: { Value: { Ref: 'Prod' }, Condition: 'IsProd' } },
      Rules: { CheckBootstrapVersion: {} },
    });

    expect(made).toEqual([
      ['dev', {}],
      ['some', { Needs: 'own' }],
    ]);
    expect(outputs).toEqual({});
  });

  it('reports all faults together, each with its logical id and what to do', async () => {
    const faults = await faultsOf({
      Resources: {
        Bad: { Type: 'AWS::Nope::Thing' },
        Follower: thing({ Name: { Ref: 'Bad' }, Size: { Ref: 'Bad' } }, { DependsOn: 'Bad' }),
        Worse: { Type: 'AWS::Nope::Other' },
        Extra: thing({ Colour: 'red', Size: 'big', Either: { A: 1 } }),
        Lost: thing({ Needs: [{ Ref: 'Nowhere' }, { 'Fn::GetAtt': ['Extra', 'Url'] }] }),
      },
      Outputs: { List: { Value: ['a'] } },
    });

    expect(faults).toEqual([
      'Expected Bad to be of a type that the local cloud knows, got AWS::Nope::Thing. Write a resource type for it, or leave it out of the stack.',
      'Expected Worse to be of a type that the local cloud knows, got AWS::Nope::Other. Write a resource type for it, or leave it out of the stack.',
      'Expected Extra (Test::Thing) to have a Properties.Size as the local cloud honours it, got: Invalid input: expected number, received string.',
      'Expected Extra (Test::Thing) to have a Properties.Either as the local cloud honours it, got: Invalid input: expected string, received object.',
      'Expected Extra (Test::Thing) to have a Properties.Either.A as the local cloud honours it, got: Invalid input: expected string, received number.',
      'Expected Extra (Test::Thing) to have properties that the local cloud honours or lists as inert, got Properties.Colour. Teach it to the resource type, or leave it out of the stack.',
      'Resources.Lost.Properties.Needs[0].Ref: Expected a parameter or resource of the template, got Nowhere.',
      "Resources.Lost.Properties.Needs[1].Fn::GetAtt: Expected an attribute that the local Test::Thing has, got Extra.Url. Add it to the resource type's identity.",
      'Outputs.List: Expected a text, got ["a"].',
    ]);
  });

  it.each<[string, Record<string, Json>, string]>([
    [
      'a circle of references',
      { A: thing({ Needs: { Ref: 'B' } }), B: thing({}, { DependsOn: ['A'] }) },
      'got the circle A → B → A',
    ],
    [
      'a circle of names',
      { A: thing({ Name: { Ref: 'B' } }), B: thing({ Name: { Ref: 'A' } }) },
      'Expected names without a circle',
    ],
    [
      'a reference to what a condition leaves out',
      { A: thing({ Needs: { Ref: 'B' } }), B: thing({}, { Condition: 'Never' }) },
      'Expected a resource that is made here, got B',
    ],
    ['a dependency on nothing', { A: thing({}, { DependsOn: 'B' }) }, 'got B'],
    ['an unknown condition', { A: thing({}, { Condition: 'What' }) }, 'defines, got What'],
    ['a condition in a circle', { A: thing({}, { Condition: 'Round' }) }, 'without a circle'],
    [
      'a parameter without a default',
      { A: thing({ Needs: { Ref: 'Open' } }) },
      'Open to have a default',
    ],
    ['a parameter from elsewhere', { A: thing({ Needs: { Ref: 'Ssm' } }) }, 'got AWS::SSM::'],
  ])('refuses %s', async (_, resources, sentence) => {
    const faults = await faultsOf({
      Parameters: {
        Open: { Type: 'String' },
        Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
      },
      Conditions: {
        Never: { 'Fn::Equals': ['a', 'b'] },
        Round: { 'Fn::Not': [{ Condition: 'Round' }] },
      },
      Resources: resources,
    });

    expect(faults.join('\n')).toContain(sentence);
  });

  it('refuses sections and attributes that it does not know', () => {
    expect(() => parseTemplate({ Transform: 'AWS::Serverless', Resources: {} })).toThrow(
      'Transform',
    );
    expect(() => parseTemplate({ Resources: { A: thing({}, { CreationPolicy: {} }) } })).toThrow(
      'CreationPolicy',
    );
  });

  it('makes nothing when the template has a fault, and names what could not be made', async () => {
    await expect(deploy({ Resources: { A: thing() } }, ['a'])).rejects.toThrow(
      'Expected to make A (Test::Thing), got: Error: no room',
    );
  });
});

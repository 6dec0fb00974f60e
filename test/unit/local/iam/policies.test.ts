import { describe, expect, it } from 'vitest';
import { OPERATOR } from '#local/iam/caller.ts';
import { createPolicies, type Policies } from '#local/iam/policies.ts';
import { roleTypes } from '#local/iam/role-types.ts';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';

const ROLE = 'arn:aws:iam::000000000000:role/runner';
const CALLER = { kind: 'role', roleArn: ROLE, actor: 'run-task' } as const;
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:starts';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/jobs';

interface Parts {
  readonly statements?: Json[];
  readonly trust?: Json[];
  readonly role?: Record<string, Json>;
}

const trusting = (properties: Record<string, Json> = {}): Json => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'scheduler.amazonaws.com' },
  ...properties,
});

/** Deploys one role named `runner` with one policy. */
async function deploy(parts: Parts): Promise<Policies> {
  const { statements, trust = [trusting()], role = {} } = parts;
  const policies = createPolicies();
  const template = parseTemplate({
    Resources: {
      Runner: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'runner',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust },
          Tags: [],
          ...role,
        },
      },
      ...(statements && {
        RunnerPolicy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'RunnerPolicy',
            PolicyDocument: { Version: '2012-10-17', Statement: statements },
            Roles: [{ Ref: 'Runner' }],
          },
        },
      }),
    },
  });
  const place = { stackName: 'S', region: 'us-east-1', account: '000000000000' };
  await deployTemplate(template, place, roleTypes(policies));
  return policies;
}

const allow = (actions: Json, resources: Json, condition?: Json): Json => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition !== undefined && { Condition: condition }),
});

const isAllowed = (policies: Policies, action: string, resource = QUEUE) =>
  policies.decide(CALLER, { action, resource }).kind === 'allowed';

describe('Policies.decide', () => {
  it('lets a role do what a statement allows, and nothing else', async () => {
    const policies = await deploy({ statements: [allow('sqs:SendMessage', QUEUE)] });

    expect(isAllowed(policies, 'sqs:SendMessage')).toBe(true);
    expect(isAllowed(policies, 'SQS:sendmessage')).toBe(true);
    expect(isAllowed(policies, 'sqs:DeleteMessage')).toBe(false);
    expect(isAllowed(policies, 'sqs:SendMessage', `${QUEUE}-2`)).toBe(false);
  });

  it('lets the operator do all, and an unknown role nothing', async () => {
    const policies = await deploy({ statements: [allow('*', '*')] });
    const permission = { action: 'sqs:SendMessage', resource: QUEUE };

    expect(policies.decide(OPERATOR, permission).kind).toBe('allowed');
    expect(policies.decide({ ...CALLER, roleArn: `${ROLE}2` }, permission).kind).toBe('denied');
  });

  it("refuses in AWS's words, naming the role, what acts as it, and why", async () => {
    const policies = await deploy({
      statements: [allow('sqs:*', '*'), { Effect: 'Deny', Action: 'sqs:Purge*', Resource: QUEUE }],
    });

    expect(policies.decide(CALLER, { action: 'dynamodb:PutItem', resource: TABLE })).toEqual({
      kind: 'denied',
      message: `User: arn:aws:sts::000000000000:assumed-role/runner/run-task is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    });
    expect(policies.decide(CALLER, { action: 'sqs:PurgeQueue', resource: QUEUE })).toEqual({
      kind: 'denied',
      message: `User: arn:aws:sts::000000000000:assumed-role/runner/run-task is not authorized to perform: sqs:PurgeQueue on resource: ${QUEUE} with an explicit deny in an identity-based policy`,
    });
  });

  it('joins inline policies of a role with those attached to it', async () => {
    const policies = await deploy({
      role: {
        Policies: [
          {
            PolicyName: 'inline',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: allow('sqs:ReceiveMessage', QUEUE),
            },
          },
        ],
      },
      statements: [allow(['sqs:SendMessage'], [QUEUE, TABLE])],
    });

    expect(isAllowed(policies, 'sqs:ReceiveMessage')).toBe(true);
    expect(isAllowed(policies, 'sqs:SendMessage', TABLE)).toBe(true);
  });

  it.each<[Json, Record<string, string>, boolean]>([
    [{ StringEquals: { 'iam:PassedToService': 'a' } }, { 'iam:PassedToService': 'a' }, true],
    [{ StringEquals: { 'IAM:passedtoservice': ['b', 'a'] } }, { 'iam:PassedToService': 'a' }, true],
    [{ StringEquals: { k: 'a' } }, { k: 'A' }, false],
    [{ StringEquals: { k: 'a' } }, {}, false],
    [{ StringEquals: { k: 'a*' } }, { k: 'ab' }, false],
    [{ StringLike: { k: 'a*' } }, { k: 'ab' }, true],
    [{ ArnLike: { k: 'arn:aws:sqs:*:*:s*' } }, { k: QUEUE }, true],
    [{ ArnEquals: { k: 'arn:aws:sqs:*:s*' } }, { k: QUEUE }, false],
    [{ Bool: { k: true } }, { k: 'TRUE' }, true],
    [{ Bool: { k: 'false' } }, { k: 'true' }, false],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
    [{ 'ForAllValues:StringEquals': { k: ['a'] } }, { k: 'b' }, false],
    [{ 'ForAllValues:StringLike': { k: ['a*'] } }, { k: 'ab' }, true],
    [{ StringEquals: { k: 'a', l: 'b' } }, { k: 'a', l: 'c' }, false],
    [{ StringEquals: { k: 'a' }, Bool: { l: 'true' } }, { k: 'a', l: 'true' }, true],
  ])('holds %j against %j: %s', async (condition, context, expected) => {
    const policies = await deploy({ statements: [allow('sqs:*', '*', condition)] });

    const permission = { action: 'sqs:SendMessage', resource: QUEUE, context };

    expect(policies.decide(CALLER, permission).kind === 'allowed').toBe(expected);
  });
});

describe('Policies.mayAssume', () => {
  const assumption = { roleArn: ROLE, principalService: 'scheduler.amazonaws.com', context: {} };

  it('lets only the services assume a role that its trust policy names', async () => {
    const policies = await deploy({});

    expect(policies.mayAssume(assumption)).toBe(true);
    expect(policies.mayAssume({ ...assumption, principalService: 'lambda.amazonaws.com' })).toBe(
      false,
    );
    expect(policies.mayAssume({ ...assumption, roleArn: `${ROLE}2` })).toBe(false);
  });

  it('holds the account and the source against the conditions of the trust policy', async () => {
    const group = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/g';
    const policies = await deploy({
      trust: [
        trusting({
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': group },
          },
        }),
      ],
    });
    const from = (account: string, arn: string) =>
      policies.mayAssume({
        ...assumption,
        context: { 'aws:SourceAccount': account, 'aws:SourceArn': arn },
      });

    expect(from('000000000000', group)).toBe(true);
    expect(from('111111111111', group)).toBe(false);
    expect(from('000000000000', `${group}2`)).toBe(false);
    expect(policies.mayAssume(assumption)).toBe(false);
  });

  it('gives a denial precedence', async () => {
    const policies = await deploy({ trust: [trusting(), trusting({ Effect: 'Deny' })] });

    expect(policies.mayAssume(assumption)).toBe(false);
  });
});

describe('Policies.unused', () => {
  it('lists the parts of statements that no allowed call needed', async () => {
    const policies = await deploy({
      statements: [
        allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], [QUEUE, TABLE]),
        allow('dynamodb:*', TABLE),
        { Effect: 'Deny', Action: 'sqs:ReceiveMessage', Resource: '*' },
      ],
    });
    isAllowed(policies, 'sqs:SendMessage');
    isAllowed(policies, 'sqs:ReceiveMessage');
    isAllowed(policies, 'dynamodb:PutItem', TABLE);
    isAllowed(policies, 'dynamodb:PutItem', TABLE);

    expect(policies.unused()).toEqual([
      { roleArn: ROLE, actions: ['sqs:ReceiveMessage'], resources: [TABLE] },
    ]);
    expect(policies.observed()).toEqual([
      { roleArn: ROLE, action: 'sqs:SendMessage', resource: QUEUE },
      { roleArn: ROLE, action: 'dynamodb:PutItem', resource: TABLE },
    ]);
    expect(policies.granted()[0]?.statements.map(({ Effect: effect }) => effect)).toEqual([
      'Allow',
      'Allow',
      'Deny',
    ]);
  });
});

describe('a policy that is not understood', () => {
  it.each<[string, Parts, string]>([
    [
      'an unknown condition operator',
      { statements: [allow('sqs:*', '*', { NumericLessThan: { k: '1' } })] },
      'Expected RunnerPolicy (AWS::IAM::Policy) to have a Properties.PolicyDocument.Statement[0].Condition as the local cloud honours it, got: expected a condition operator that is evaluated here, got NumericLessThan.',
    ],
    [
      'NotAction',
      { statements: [{ Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }] },
      'got Properties.PolicyDocument.Statement[0].NotAction',
    ],
    [
      'NotResource',
      { statements: [{ Effect: 'Allow', Action: 'sqs:*', NotResource: '*' }] },
      'got Properties.PolicyDocument.Statement[0].NotResource',
    ],
    [
      'a policy variable',
      { statements: [allow('sqs:*', `arn:aws:s3:::b/\${aws:username}`)] },
      'variable',
    ],
    ['a resource without a service', { statements: [allow('sqs:*', 'arn:aws:*')] }, 'Resource[0]'],
    ['an action without a service', { statements: [allow('SendMessage', '*')] }, 'Action[0]'],
    [
      'a principal that is no service',
      { trust: [trusting({ Principal: { AWS: '*' } })] },
      'Runner (AWS::IAM::Role) to have properties that the local cloud honours or lists as inert, got Properties.AssumeRolePolicyDocument.Statement[0].Principal.AWS',
    ],
    [
      'a managed policy',
      { role: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      'written by hand',
    ],
    ['a permissions boundary', { role: { PermissionsBoundary: 'x' } }, 'PermissionsBoundary'],
  ])('keeps the cloud from starting: %s', async (_, parts, sentence) => {
    await expect(deploy(parts)).rejects.toThrow(sentence);
  });
});

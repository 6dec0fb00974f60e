import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type IFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT } from '#functions/settle-foreign/environment.ts';
import { AlmanacStack } from '#infra/almanac-stack.ts';
import { type AdoptedTask, type AnyTask, TASKS } from '#infra/tasks.ts';
import { almanacTemplate, anApp } from '#test/support/almanac-template.ts';

const LISTED = {
  description: 'Greets.',
  inputSchema: { type: 'object' },
  timeoutSeconds: 3,
  memoryMb: 128,
  defaults: {},
};

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:greeting';

const BY_ARN: AdoptedTask = {
  ...LISTED,
  id: 'greeting',
  functionArn: FUNCTION_ARN,
  roleArn: 'arn:aws:iam::123456789012:role/greets',
};

/** A function that has a role of its own, made by whoever adopts it. */
function made(scope: Construct): LambdaFunction {
  return new LambdaFunction(scope, 'Made', {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromInline('exports.handler = () => 1'),
    handler: 'index.handler',
    role: new Role(scope, 'MadeRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  });
}

const BY_CONSTRUCT: AdoptedTask = { ...LISTED, id: 'made', function: made, lambdaRetries: 2 };

function stackOf(tasks: readonly AnyTask[]): AlmanacStack {
  return new AlmanacStack(anApp(), { stage: 'dev', tasks });
}

const template = Template.fromStack(stackOf([...TASKS, BY_ARN, BY_CONSTRUCT]));
const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ForeignEndsQueue'), 'Arn'] };

/** The statements of the role whose logical id begins so. */
function statementsOf(role: string): readonly Record<string, unknown>[] {
  const roles = template.findResources('AWS::IAM::Role');
  const [id = ''] = Object.keys(roles).filter((name) => name.startsWith(role));
  return roles[id]?.['Properties'].Policies[0].PolicyDocument.Statement;
}

/** The variables of the function of a construct. */
function variablesOf(name: string): Readonly<Record<string, unknown>> {
  const functions = template.findResources('AWS::Lambda::Function');
  const [id = ''] = Object.keys(functions).filter((found) => found.startsWith(`${name}Function`));
  return { ...functions[id]?.['Properties'].Environment.Variables };
}

describe('adoptTasks', () => {
  it('adds nothing to a stack that adopts nothing', () => {
    const types = Object.keys(almanacTemplate('dev').Resources);

    expect(types.filter((id) => /Foreign|Adopted/.test(id))).toEqual([]);
    expect(JSON.stringify(almanacTemplate('dev'))).not.toContain('ADOPTED_TASKS');
  });

  it('adds just its own resources to one that does, and changes no id of the others', () => {
    const before = Template.fromStack(stackOf(TASKS)).toJSON()['Resources'];
    const after = template.toJSON()['Resources'];

    const added = Object.keys(after).filter((id) => !(id in before));
    expect(Object.keys(before).filter((id) => !(id in after))).toEqual([]);
    expect(added.map((id) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual([
      'ForeignEndsQueue',
      'ForeignEndsQueuePolicy',
      'Made',
      'MadeLogGroup',
      'MadeRole',
      'SettleForeignEnds',
      'SettleForeignFunction',
      'SettleForeignLog',
      'SettleForeignRole',
      'TaskgreetingInvocations',
      'TaskgreetingTellsEnds',
      'TaskmadeInvocations',
      'TaskmadeTellsEnds',
    ]);
  });

  it('has Lambda tell of both ends, and lets the role of the function send them before it does', () => {
    template.hasResource('AWS::Lambda::EventInvokeConfig', {
      DependsOn: [Match.stringLikeRegexp('^TaskgreetingTellsEnds')],
      Properties: {
        FunctionName: 'greeting',
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 3_600,
        DestinationConfig: { OnSuccess: { Destination: queue }, OnFailure: { Destination: queue } },
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: 'Almanac-dev-task-greeting',
      Roles: ['greets'],
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue }],
      },
    });
  });

  it('does the same for a function of a construct, retried as its task says', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Made') },
      MaximumRetryAttempts: 2,
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: 'Almanac-dev-task-made',
      Roles: [{ Ref: Match.stringLikeRegexp('^MadeRole') }],
    });
  });

  it.each(['SchedulingExecutionRole', 'StartJobsRole'])('lets %s start the functions', (role) => {
    const invokes = statementsOf(role).find(({ Action }) => Action === 'lambda:InvokeFunction');

    expect(invokes?.['Resource']).toContainEqual(FUNCTION_ARN);
    expect(JSON.stringify(invokes?.['Resource'])).toMatch(/\["Made[0-9A-F]{8}","Arn"\]/);
  });

  it.each(['ProjectSchedules', 'StartJobs'])('tells %s where the functions are', (name) => {
    const { ADOPTED_TASKS } = variablesOf(name);

    expect(Object(ADOPTED_TASKS)['Fn::Join'][1]).toEqual([
      `{"greeting":"${FUNCTION_ARN}","made":"`,
      { 'Fn::GetAtt': [expect.stringMatching(/^Made/), 'Arn'] },
      '"}',
    ]);
  });

  it('lets what starts jobs look whether one is settled', () => {
    expect(variablesOf('StartJobs')).toHaveProperty('JOBS_TABLE');
    expect(statementsOf('StartJobsRole')).toContainEqual({
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^TablesJobs/), 'Arn'] },
    });
  });

  it('lets what settles read the ends and the key for hashing, read and write jobs, write results, and nothing else', () => {
    expect(statementsOf('SettleForeignRole').map(({ Action }) => Action)).toEqual([
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      'dynamodb:Query',
      's3:PutObject',
      ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
    expect(Object.keys(variablesOf('SettleForeign')).toSorted()).toEqual(ENVIRONMENT.toSorted());
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: queue,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('keeps ends for a fortnight, hidden six times as long as they may take to settle', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      VisibilityTimeout: 360,
      SqsManagedSseEnabled: true,
    });
  });

  it('leaves cdk-nag nothing to find in what is adopted by ARN', () => {
    expect(new AwsSolutionsChecks().validateScope(stackOf([...TASKS, BY_ARN]))).toEqual({
      success: true,
      violations: [],
    });
  });

  it('refuses one function for two tasks, as Lambda has one destination for both', () => {
    expect(() => stackOf([BY_ARN, { ...BY_ARN, id: 'again' }])).toThrow(
      'Expected "again" to have a function of its own, got another task\'s.',
    );
  });

  it('refuses an alias, since the setting would be of the function', () => {
    // This project's strictness refuses it by its type too, which others may not.
    const aliased = (scope: Construct) => made(scope).addAlias('live') as unknown as IFunction;

    expect(() => stackOf([{ ...BY_CONSTRUCT, function: aliased }])).toThrow(
      'Expected "made" to have a function itself, got a version or alias.',
    );
  });

  it('refuses a function whose role is not known', () => {
    const without = (scope: Construct) =>
      LambdaFunction.fromFunctionArn(scope, 'Found', FUNCTION_ARN);

    expect(() => stackOf([{ ...BY_CONSTRUCT, function: without }])).toThrow(
      /Expected the function of "made" to come with its role, got none/,
    );
  });

  it.each([`${FUNCTION_ARN}:live`, FUNCTION_ARN.replace(':lambda:', ':states:')])(
    'refuses %s, which is no ARN of a function itself',
    (functionArn) => {
      expect(() => stackOf([{ ...BY_ARN, functionArn }])).toThrow(
        /Expected functionArn of "greeting" to be the ARN of a function without version or alias/,
      );
    },
  );

  it('refuses more than a variable can name', () => {
    const many = Array.from({ length: 17 }, (_, at) => ({
      ...BY_ARN,
      id: `task-${at}`,
      functionArn: `${FUNCTION_ARN}-${at}`,
    }));

    expect(() => stackOf(many)).toThrow('Expected at most 16 adopted tasks, got 17.');
  });
});

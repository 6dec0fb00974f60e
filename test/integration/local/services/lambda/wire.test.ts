import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

const NAME = 'Almanac-test-Echo';
const ARN = `arn:aws:lambda:us-east-1:000000000000:function:${NAME}`;
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';

let server: LambdaServer;

beforeAll(async () => {
  server = await serveLambda();
  await server.define(
    'Echo',
    `export const handler = async (event) => {
       console.log('said', event.word);
       console.error('two\\nlines');
       if (event.fail) throw new Error('failed');
       return event;
     };`,
    { Timeout: 10, Environment: { Variables: { A: 'b' } } },
  );
  await server.define('None', 'export const handler = async () => 1', {
    ReservedConcurrentExecutions: 0,
  });
  await server.create('AWS::Lambda::EventInvokeConfig', {
    FunctionName: NAME,
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
  });
  await server.create('AWS::Lambda::EventSourceMapping', {
    FunctionName: NAME,
    EventSourceArn: QUEUE_ARN,
    BatchSize: 5,
  });
});

afterAll(() => server[Symbol.asyncDispose]());

describe('Invoke', () => {
  it('answers with the payload, the version and the tail of the log', async () => {
    const answer = await invoke({ Payload: '{"word":"hi"}', LogType: 'Tail' });

    const log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.Payload?.transformToString()).toBe('{"word":"hi"}');
    expect(log).toMatch(/^START RequestId: .* Version: \$LATEST\n/);
    expect(log).toContain('\tINFO\tsaid hi\n');
    expect(log).toContain('\tERROR\ttwo\nlines\n');
    expect(log).toMatch(/\nEND RequestId: .*\nREPORT RequestId: .*Memory Size: 128 MB.*\n$/);
  });

  it('marks an error of the function, and no log when none was asked for', async () => {
    const answer = await invoke({ Payload: '{"fail":true}' });

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(answer.LogResult).toBeUndefined();
  });

  it.each([NAME, `${NAME}:$LATEST`, ARN, `${ARN}:$LATEST`, `000000000000:function:${NAME}`])(
    'finds the function by %s',
    async (FunctionName) => {
      const answer = await invoke({ FunctionName, Payload: '1' });

      expect(answer.Payload?.transformToString()).toBe('1');
    },
  );

  it('takes no payload as an empty object', async () => {
    const answer = await invoke({});

    expect(answer.Payload?.transformToString()).toBe('{}');
  });

  it('accepts an event at once, and a dry run without running', async () => {
    const event = await invoke({ InvocationType: 'Event', Payload: '{}' });
    await server.activity.settle();
    const dryRun = await invoke({ InvocationType: 'DryRun' });

    expect([event.StatusCode, dryRun.StatusCode]).toEqual([202, 204]);
  });

  it.each([
    ['ResourceNotFoundException', { FunctionName: 'missing' }],
    ['ResourceNotFoundException', { Qualifier: '1' }],
    ['InvalidRequestContentException', { Payload: '{no json' }],
    ['RequestEntityTooLargeException', { Payload: JSON.stringify('x'.repeat(6_291_456)) }],
    [
      'RequestEntityTooLargeException',
      { InvocationType: 'Event', Payload: JSON.stringify('x'.repeat(1_048_576)) },
    ],
    ['RequestEntityTooLargeException', { Payload: JSON.stringify('x'.repeat(7_000_000)) }],
    ['TooManyRequestsException', { FunctionName: 'Almanac-test-None' }],
    ['ValidationException', { InvocationType: 'Later' }],
  ] as const)('refuses with %s for %.80o', async (name, input) => {
    await expect(invoke(input as Partial<InvokeCommand['input']>)).rejects.toMatchObject({ name });
  });
});

describe('the reading operations', () => {
  it('list the functions, and tell of one', async () => {
    const { Functions } = await server.client.send(new ListFunctionsCommand({}));
    const configuration = await server.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: NAME }),
    );
    const { Configuration } = await server.client.send(
      new GetFunctionCommand({ FunctionName: ARN }),
    );

    expect(Functions?.map((one) => one.FunctionName)).toEqual([NAME, 'Almanac-test-None']);
    expect(Configuration).toMatchObject({ FunctionName: NAME });
    expect(configuration).toMatchObject({
      FunctionArn: ARN,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 10,
      MemorySize: 128,
      Environment: { Variables: { A: 'b' } },
      State: 'Active',
    });
  });

  it('tell how a function takes events', async () => {
    const config = await server.client.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: NAME }),
    );
    const none = server.client.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: 'Almanac-test-None' }),
    );

    expect(config).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: QUEUE_ARN } },
    });
    await expect(none).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('list the event source mappings of a function', async () => {
    const ofEcho = await server.client.send(
      new ListEventSourceMappingsCommand({ FunctionName: NAME }),
    );
    const ofNone = await server.client.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'Almanac-test-None' }),
    );

    expect(ofEcho.EventSourceMappings).toMatchObject([
      { FunctionArn: ARN, EventSourceArn: QUEUE_ARN, BatchSize: 5, State: 'Enabled' },
    ]);
    expect(ofNone.EventSourceMappings).toEqual([]);
  });
});

function invoke(input: Partial<InvokeCommand['input']>) {
  return server.client.send(new InvokeCommand({ FunctionName: NAME, ...input }));
}

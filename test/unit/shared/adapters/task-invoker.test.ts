import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTaskInvoker } from '#shared/adapters/lambda/task-invoker.ts';
import { aStart } from '#test/support/a-start.ts';

const PREFIX = 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-task-';
const lambda = mockClient(LambdaClient);

beforeEach(() => lambda.reset());

const invoke = () =>
  createTaskInvoker(new LambdaClient(), (taskId) => `${PREFIX}${taskId}`).invoke(aStart());

describe('createTaskInvoker', () => {
  it('hands a start to its task asynchronously', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });

    await invoke();

    const [call] = lambda.commandCalls(InvokeCommand);
    const { FunctionName, InvocationType, Payload } = call?.args[0].input ?? {};
    expect(FunctionName).toBe(`${PREFIX}sales-report`);
    expect(InvocationType).toBe('Event');
    expect(JSON.parse(String(Payload))).toEqual(aStart());
  });

  it("fails with Lambda's own error, so that the queue delivers the start again", async () => {
    const error = Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
    lambda.on(InvokeCommand).rejects(error);

    await expect(invoke()).rejects.toThrow('Rate exceeded');
  });
});

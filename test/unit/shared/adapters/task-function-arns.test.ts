import { describe, expect, it } from 'vitest';
import { readAdoptedTasks, taskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';

const PREFIX = 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-task-';
const ADOPTED = 'arn:aws:lambda:us-east-1:000000000000:function:greeting';

const arnsFor = (variables: Readonly<Record<string, string>>) =>
  taskFunctionArns(PREFIX, readAdoptedTasks(variables));

describe('taskFunctionArns', () => {
  it('makes the ARN of a task of its id', () => {
    expect(arnsFor({})('sales-report')).toBe(`${PREFIX}sales-report`);
  });

  it('has the ARN of an adopted task from the stack', () => {
    const arnOf = arnsFor({ ADOPTED_TASKS: JSON.stringify({ hi: ADOPTED }) });

    expect(arnOf('hi')).toBe(ADOPTED);
    expect(arnOf('sales-report')).toBe(`${PREFIX}sales-report`);
  });

  it('takes no name of an object for an adopted task', () => {
    expect(arnsFor({})('constructor')).toBe(`${PREFIX}constructor`);
  });

  it('refuses a list that is none', () => {
    expect(() => arnsFor({ ADOPTED_TASKS: '["hi"]' })).toThrow();
  });
});

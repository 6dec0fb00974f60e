import { describe, expect, it } from 'vitest';
import { readTaskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';

const PREFIX = 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-task-';
const ADOPTED = 'arn:aws:lambda:us-east-1:000000000000:function:greeting';

describe('readTaskFunctionArns', () => {
  it('makes the ARN of a task of its id', () => {
    expect(readTaskFunctionArns(PREFIX, {})('sales-report')).toBe(`${PREFIX}sales-report`);
  });

  it('has the ARN of an adopted task from the stack', () => {
    const arnOf = readTaskFunctionArns(PREFIX, { ADOPTED_TASKS: JSON.stringify({ hi: ADOPTED }) });

    expect(arnOf('hi')).toBe(ADOPTED);
    expect(arnOf('sales-report')).toBe(`${PREFIX}sales-report`);
  });

  it('takes no name of an object for an adopted task', () => {
    expect(readTaskFunctionArns(PREFIX, {})('constructor')).toBe(`${PREFIX}constructor`);
  });

  it('refuses a list that is none', () => {
    expect(() => readTaskFunctionArns(PREFIX, { ADOPTED_TASKS: '["hi"]' })).toThrow();
  });
});

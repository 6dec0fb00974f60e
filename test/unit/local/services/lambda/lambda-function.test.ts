import { describe, expect, it } from 'vitest';
import { functionNameOf } from '#local/services/lambda/lambda-function.ts';

describe('functionNameOf', () => {
  it.each([
    'my-task',
    'my-task:$LATEST',
    '000000000000:function:my-task',
    'function:my-task',
    'arn:aws:lambda:us-east-1:000000000000:function:my-task',
    'arn:aws:lambda:us-east-1:000000000000:function:my-task:$LATEST',
  ])('reads the name out of %s', (reference) => {
    expect(functionNameOf(reference)).toBe('my-task');
  });

  it.each(['my-task:3', 'arn:aws:sqs:us-east-1:000000000000:my-task', '', 'a/b'])(
    'finds none in %o',
    (reference) => {
      expect(functionNameOf(reference)).toBeUndefined();
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arnMatcher, wildcardMatcher } from '#local/iam/wildcards.ts';

describe('wildcardMatcher', () => {
  it('takes a star for any letters, none included, and a question mark for one', () => {
    const matches = wildcardMatcher('a*b?');

    expect(['abx', 'a/:bx', 'axbb', 'ab', 'abxy', 'xabx'].map(matches)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('tells letters of either case apart unless asked not to', () => {
    expect(wildcardMatcher('sqs:Send*')('SQS:sendMessage')).toBe(false);
    expect(wildcardMatcher('sqs:Send*', 'i')('SQS:sendMessage')).toBe(true);
  });

  it('takes every other letter for itself', () => {
    const literal = fc.string().filter((text) => !/[*?]/.test(text));

    fc.assert(
      fc.property(literal, literal, (one, other) => {
        expect(wildcardMatcher(one)(one)).toBe(true);
        expect(wildcardMatcher(one)(other)).toBe(one === other);
        expect(wildcardMatcher(`${one}*`)(one + other)).toBe(true);
      }),
    );
  });
});

describe('arnMatcher', () => {
  it.each([
    ['*', 'arn:aws:sqs:r:1:q', true],
    ['arn:aws:sqs:*:*:q', 'arn:aws:sqs:r:1:q', true],
    ['arn:aws:sqs:*:q', 'arn:aws:sqs:r:1:q', false],
    ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b:c', true],
    ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket', false],
    ['arn:aws:dynamodb:r:1:table/t', 'arn:aws:dynamodb:r:1:table/t/index/i', false],
    ['arn:aws:lambda:r:1:function:f:*', 'arn:aws:lambda:r:1:function:f:2', true],
    ['arn:aws:lambda:r:1:function:?', 'arn:aws:lambda:r:1:function:fn', false],
    ['arn:aws:sqs:r:1:q', '*', false],
  ])('says of %s and %s: %s', (pattern, arn, expected) => {
    expect(arnMatcher(pattern)(arn)).toBe(expected);
  });
});

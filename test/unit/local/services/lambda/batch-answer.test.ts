import { describe, expect, it } from 'vitest';
import { batchVerdict } from '#local/services/lambda/batch-answer.ts';

const IDENTIFIERS = new Set(['1', '2']);

describe('batchVerdict', () => {
  it.each(['null', '{}', '', '""', '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
    'takes %o for a success',
    (answer) => {
      expect(batchVerdict(Buffer.from(answer), IDENTIFIERS)).toEqual({ kind: 'succeeded' });
    },
  );

  it.each([
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"id":"1"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"3"}]}',
    '"done"',
    'no json',
  ])('fails the batch whole for %o', (answer) => {
    expect(batchVerdict(Buffer.from(answer), IDENTIFIERS)).toEqual({ kind: 'failed' });
  });

  it('gives the items that failed', () => {
    const answer = Buffer.from('{"batchItemFailures":[{"itemIdentifier":"2"}]}');

    expect(batchVerdict(answer, IDENTIFIERS)).toEqual({
      kind: 'partly-failed',
      identifiers: new Set(['2']),
    });
  });
});

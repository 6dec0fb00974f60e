import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '#shared/domain/job/describe-error.ts';

describe('describeError', () => {
  it('joins the messages of the causes, as the outer one often says nothing', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });

    const { name, message } = describeError(new TypeError('fetch failed', { cause: refused }));

    expect({ name, message }).toEqual({ name: 'TypeError', message: 'fetch failed: ECONNREFUSED' });
  });

  it('keeps the frames of the stack, without the message above them', () => {
    const { stack } = describeError(new Error('first line\nsecond line'));

    expect(stack).toMatch(/^at .*describe-error\.test\.ts/);
    expect(stack).not.toContain('second line');
  });

  it('ends a chain of causes that bites its own tail', () => {
    const one = new Error('one');
    one.cause = new Error('other', { cause: one });

    expect(describeError(one).message).toBe('one: other');
  });

  it('shows what is thrown without being an error', () => {
    expect(describeError('no')).toEqual({ name: 'Thrown', message: 'no' });
    expect(describeError(undefined)).toEqual({ name: 'Thrown', message: 'undefined' });
    expect(describeError(Object.create(null))).toEqual({
      name: 'Thrown',
      message: 'a value that cannot be shown',
    });
  });

  it('survives an error whose members throw', () => {
    const hostile = new Error('kept');
    Object.defineProperty(hostile, 'stack', {
      get: () => {
        throw new Error('no stack');
      },
    });

    expect(describeError(hostile)).toEqual({ name: 'Error', message: 'kept' });
  });

  it('bounds name, message and stack in bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const error = new Error(text);
        error.name = text;
        error.stack = `Error\n${`    at ${text}\n`.repeat(5)}`;

        const described = describeError(error);

        expect(Buffer.byteLength(described.name)).toBeLessThanOrEqual(64);
        expect(Buffer.byteLength(described.message)).toBeLessThanOrEqual(384);
        expect(Buffer.byteLength(described.stack ?? '')).toBeLessThanOrEqual(1_024);
      }),
    );
  });
});

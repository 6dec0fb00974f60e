import { describe, expect, it } from 'vitest';
import { readLetter } from '#functions/settle-undelivered/read-letter.ts';
import { aStart } from '#test/support/a-start.ts';
import { aFailedInvocation, anUndeliveredRecord, aRecord } from '#test/support/dead-letters.ts';

const start = aStart({ input: { html: '<b>' } });

describe('readLetter', () => {
  it('reads a start that EventBridge was refused for good', () => {
    expect(readLetter(anUndeliveredRecord(start))).toEqual({
      start,
      kind: 'not-delivered',
      code: 'AccessDeniedException',
      message: 'not authorized to perform: lambda:InvokeFunction',
      isPermanent: true,
    });
  });

  it('reads a start that EventBridge tried until it was too old as one to try again', () => {
    const record = anUndeliveredRecord(start, {
      ERROR_CODE: 'TooManyRequestsException',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });

    expect(readLetter(record)).toMatchObject({ isPermanent: false });
  });

  it('reads a start from the starts queue after its last delivery', () => {
    const record = aRecord({ ...start, notBefore: 7 });

    expect(readLetter(record)).toMatchObject({
      start,
      kind: 'not-delivered',
      code: 'StartsQueue.Exhausted',
      isPermanent: false,
    });
  });

  it('reads an invocation that crashed', () => {
    expect(readLetter(aFailedInvocation(start))).toEqual({
      start,
      kind: 'crashed',
      code: 'Runtime.ExitError',
      message: 'Runtime exited.',
      isPermanent: false,
    });
  });

  it.each([[null], ['Task timed out after 60.00 seconds'], [{}]])(
    'reads an invocation that crashed with the answer %j',
    (responsePayload) => {
      expect(readLetter(aFailedInvocation(start, { responsePayload }))).toMatchObject({
        kind: 'crashed',
        code: 'Unhandled',
        message: 'The invocation ended as RetriesExhausted.',
      });
    },
  );

  it('reads an event that grew too old in Lambda as not delivered', () => {
    const record = aFailedInvocation(start, {
      requestContext: { condition: 'EventAgeExceeded' },
      responseContext: undefined,
      responsePayload: undefined,
    });

    expect(readLetter(record)).toMatchObject({ kind: 'not-delivered', code: 'EventAgeExceeded' });
  });

  it.each([
    ['text', 'cut off {"v":1,"sched'],
    ['nothing', null],
    ['an invocation by hand', aFailedInvocation(start, { requestPayload: { ping: 1 } }).body],
    [
      'a start whose time was not filled in',
      { ...start, fireTime: '<aws.scheduler.scheduled-time>' },
    ],
  ])('finds no start in %s', (_, body) => {
    expect(readLetter(aRecord(body))).toBeUndefined();
  });
});

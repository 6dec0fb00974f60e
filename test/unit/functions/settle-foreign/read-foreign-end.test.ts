import { describe, expect, it } from 'vitest';
import { readForeignEnd } from '#functions/settle-foreign/read-foreign-end.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

/** A record as Lambda sends it of a function that returned. */
const aRecord = (changes: Readonly<Record<string, unknown>> = {}, condition = 'Success') => ({
  version: '1.0',
  timestamp: '2026-11-23T09:00:03.250Z',
  requestContext: {
    requestId: '3f1c7c1e-6d0b-4f52-9d58-0a5e5f4d2b11',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:greeting:$LATEST',
    condition,
    approximateInvokeCount: 1,
  },
  requestPayload: aStart(),
  responseContext: { statusCode: 200, executedVersion: '$LATEST' },
  responsePayload: { rows: 3 },
  ...changes,
});

/** A record of a function that failed with such a payload. */
const aFailure = (responsePayload: unknown) =>
  readForeignEnd(
    aRecord(
      { responseContext: { statusCode: 200, functionError: 'Unhandled' }, responsePayload },
      'RetriesExhausted',
    ),
  )?.end;

describe('readForeignEnd', () => {
  it('reads what a function returned, the time rounded up to the second', () => {
    expect(readForeignEnd(aRecord())).toEqual({
      start: aStart(),
      requestId: '3f1c7c1e-6d0b-4f52-9d58-0a5e5f4d2b11',
      attempt: 1,
      endedAt: FIRE_TIME + 4,
      end: { kind: 'returned', value: { rows: 3 } },
    });
  });

  it('takes null for what a function returned nothing as', () => {
    expect(readForeignEnd(aRecord({ responsePayload: null }))?.end).toEqual({
      kind: 'returned',
      value: null,
    });
  });

  it("reads a Node function's error, with its stack", () => {
    const failure = {
      errorType: 'RangeError',
      errorMessage: 'Nobody is called Ada.',
      trace: [
        'RangeError: Nobody is called Ada.',
        '    at handler (file:///var/task/index.mjs:8:9)',
      ],
    };

    expect(aFailure(failure)).toEqual({
      kind: 'failed',
      outcome: 'error',
      error: {
        name: 'RangeError',
        message: 'Nobody is called Ada.',
        stack: 'at handler (file:///var/task/index.mjs:8:9)',
      },
    });
  });

  it("reads a Python function's error, whose stack is of another form", () => {
    const failure = {
      errorMessage: "'name'",
      errorType: 'KeyError',
      requestId: '1',
      stackTrace: ['  File "/var/task/app.py", line 4, in handler\n    return event["name"]\n'],
    };

    expect(aFailure(failure)).toMatchObject({
      outcome: 'error',
      error: { name: 'KeyError', message: "'name'" },
    });
  });

  it.each([
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: 1 Error: Task timed out after 3.00 seconds',
    },
    { errorMessage: '2026-11-23T09:00:03.000Z 1 Task timed out after 3.00 seconds' },
  ])('tells a time-out from an error, by the type or the message: %j', (failure) => {
    expect(aFailure(failure)).toMatchObject({ outcome: 'timed-out' });
  });

  it.each([null, 'a text', { errorType: 7 }, []])(
    'says what Lambda says where the payload tells no error: %j',
    (payload) => {
      expect(aFailure(payload)).toMatchObject({
        outcome: 'error',
        error: { name: 'Error', message: 'The function ended as RetriesExhausted.' },
      });
    },
  );

  it('bounds what it keeps of an error', () => {
    const end = aFailure({ errorType: 'x'.repeat(500), errorMessage: 'y'.repeat(5_000) });

    expect(JSON.stringify(end).length).toBeLessThan(600);
  });

  it('tells a start that never came to its function', () => {
    const record = aRecord({
      requestContext: {
        ...aRecord().requestContext,
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 0,
      },
      responseContext: undefined,
      responsePayload: undefined,
    });

    expect(readForeignEnd(record)).toMatchObject({
      attempt: 0,
      end: {
        kind: 'failed',
        outcome: 'undelivered',
        error: { name: 'EventAgeExceeded', message: expect.stringContaining('gave the start up') },
      },
    });
  });

  it.each([{}, null, 'a text', { scheduleId: 'daily-sales' }])(
    'leaves alone what another caller asked for: %j',
    (requestPayload) => {
      expect(readForeignEnd(aRecord({ requestPayload }))).toBeUndefined();
    },
  );

  it('fails at what is no record of an invocation, so that it stays in the queue to be looked at', () => {
    expect(() => readForeignEnd({ hello: 1 })).toThrow(/timestamp/);
  });
});

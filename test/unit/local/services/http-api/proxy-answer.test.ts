import { describe, expect, it } from 'vitest';
import { proxyAnswer } from '#local/services/http-api/proxy-answer.ts';

const answerTo = (value: unknown) => proxyAnswer(Buffer.from(JSON.stringify(value)));

describe('proxyAnswer', () => {
  it('takes an object with a status code for the answer itself', () => {
    expect(
      answerTo({
        statusCode: 201,
        headers: { ETag: '"1"', 'X-Count': 3, Date: 'never', 'Content-Length': '99' },
        cookies: ['a=1', 'b=2; Secure'],
        body: 'made',
      }),
    ).toEqual({
      status: 201,
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        etag: '"1"',
        'x-count': '3',
        'set-cookie': ['a=1', 'b=2; Secure'],
      },
      body: 'made',
    });
  });

  it('decodes a body that is base64', () => {
    const answer = answerTo({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });

    expect(answer?.body).toEqual(Buffer.from([0, 255]));
  });

  it('takes any other JSON for the body of a 200', () => {
    const headers = { 'content-type': 'application/json' };

    expect(answerTo({ a: 1 })).toEqual({ status: 200, headers, body: '{"a":1}' });
    expect(answerTo('Hello')).toEqual({ status: 200, headers, body: 'Hello' });
    expect(answerTo(null)).toEqual({ status: 200, headers, body: 'null' });
    expect(answerTo([1])).toEqual({ status: 200, headers, body: '[1]' });
  });

  it.each([
    ['a status code that is none', { statusCode: 'ok' }],
    ['a status code out of range', { statusCode: 999 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
  ])('calls malformed: %s', (_, value) => {
    expect(answerTo(value)).toBeUndefined();
  });

  it('calls malformed what is not JSON', () => {
    expect(proxyAnswer(Buffer.from('oops'))).toBeUndefined();
  });
});

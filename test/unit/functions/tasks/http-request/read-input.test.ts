import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { readInput } from '#functions/tasks/http-request/read-input.ts';
import { TASKS } from '#infra/tasks.ts';

const url = 'https://example.com/';

const SOUND: readonly Readonly<Record<string, unknown>>[] = [
  { url },
  { url, method: 'POST', body: { a: 1 }, headers: { Authorization: 'Bearer x' } },
  { url, method: 'PUT', body: 'text', timeoutSeconds: 0.5, maxBytes: 1, followRedirects: 0 },
  { url, expectStatus: [200, '3xx', '400-404'], timeoutSeconds: 300, followRedirects: 20 },
];

const FAULTY: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { url: 7 },
  { url: 'ftp://example.com/' },
  { url, method: 'TRACE' },
  { url, timeoutSeconds: 0 },
  { url, timeoutSeconds: 301 },
  { url, expectStatus: [] },
  { url, expectStatus: ['6xx'] },
  { url, expectStatus: [99] },
  { url, maxBytes: 0 },
  { url, maxBytes: 10_485_761 },
  { url, followRedirects: 21 },
  { url, followRedirects: 1.5 },
  { url, headers: { 'x-number': 1 } },
  { url, retries: 3 },
];

describe('readInput', () => {
  it('fills in what the input leaves out', () => {
    expect(readInput({ url })).toEqual({
      method: 'GET',
      url: new URL(url),
      headers: {},
      body: undefined,
      timeoutSeconds: 30,
      expectStatus: ['2xx'],
      maxBytes: 1_048_576,
      followRedirects: 5,
    });
  });

  it('sends a text as it is and anything else as JSON, each with its content type', () => {
    const text = readInput({ url, method: 'POST', body: 'two\nlines' });
    const json = readInput({ url, method: 'POST', body: { rows: [1] } });
    const none = readInput({ url, method: 'POST', body: null });

    expect(text.headers).toEqual({ 'content-type': 'text/plain; charset=utf-8' });
    expect(text.body?.toString()).toBe('two\nlines');
    expect(json.headers).toEqual({ 'content-type': 'application/json; charset=utf-8' });
    expect(json.body?.toString()).toBe('{"rows":[1]}');
    expect(none.body?.toString()).toBe('null');
  });

  it('leaves the content type to an input that has one, however it is written', () => {
    const { headers } = readInput({
      url,
      method: 'POST',
      body: '<a/>',
      headers: { 'Content-Type': 'application/xml' },
    });

    expect(headers).toEqual({ 'content-type': 'application/xml' });
  });

  it.each(['host', 'Content-Length', 'transfer-encoding', 'Connection', 'Proxy-Authorization'])(
    "refuses the header %s, which is the connection's own",
    (name) => {
      expect(() => readInput({ url, headers: { [name]: 'x' } })).toThrow(
        /none of the headers that the connection sets itself/,
      );
    },
  );

  it('refuses a value with a line break, and does not repeat it', () => {
    const headers = { authorization: 'secret\r\nx-injected: 1' };

    expect(() => readInput({ url, headers })).toThrow(
      /authorization: Expected a value of one line/,
    );
    expect(() => readInput({ url, headers })).not.toThrow(/secret/);
  });

  it.each(['http://user@example.com/', 'http://:pass@example.com/', 'http://u:p@example.com/'])(
    'refuses credentials in %s, and does not repeat them',
    (withCredentials) => {
      expect(() => readInput({ url: withCredentials })).toThrow(
        'Expected the address of example.com to hold no credentials; send them as a header.',
      );
    },
  );

  it.each(['file:///etc/passwd', 'gopher://example.com/', 'javascript:1', 'example.com', '//x'])(
    'refuses %s, which is no http or https address',
    (other) => {
      expect(() => readInput({ url: other })).toThrow(/Expected an http or https address/);
    },
  );

  it.each(['GET', 'HEAD'])('refuses a body with %s', (method) => {
    expect(() => readInput({ url, method, body: 'x' })).toThrow(`Expected no body with ${method}.`);
  });

  it('agrees with the schema that the API checks inputs by', () => {
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile(
      TASKS.find(({ id }) => id === 'http-request')?.inputSchema ?? false,
    );
    const isRead = (input: unknown) => {
      try {
        return readInput(input) !== undefined;
      } catch {
        return false;
      }
    };

    expect(SOUND.map((input) => [validate(input), isRead(input)])).toEqual(
      SOUND.map(() => [true, true]),
    );
    expect(FAULTY.map((input) => [validate(input), isRead(input)])).toEqual(
      FAULTY.map(() => [false, false]),
    );
  });
});

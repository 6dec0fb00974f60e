import { describe, expect, it } from 'vitest';
import { readAllowedHosts } from '#functions/tasks/http-request/allowed-hosts.ts';
import { isExpectedStatus } from '#functions/tasks/http-request/is-expected-status.ts';
import { presentBody } from '#functions/tasks/http-request/present-body.ts';
import { selectHeaders } from '#functions/tasks/http-request/select-headers.ts';

describe('isExpectedStatus', () => {
  it.each([
    [200, ['2xx'], true],
    [299, ['2xx'], true],
    [300, ['2xx'], false],
    [404, [200, 404], true],
    [403, [200, 404], false],
    [401, ['400-403'], true],
    [403, ['400-403'], true],
    [404, ['400-403'], false],
    [503, ['2xx', '500-503'], true],
  ])('%i among %j: %s', (status, expected, isExpected) => {
    expect(isExpectedStatus(status, expected)).toBe(isExpected);
  });
});

describe('presentBody', () => {
  it.each(['application/json', 'application/problem+json; charset=utf-8', 'Application/JSON'])(
    'reads %s as JSON',
    (type) => {
      expect(presentBody(Buffer.from('{"a":[1]}'), type)).toEqual({
        bodyKind: 'json',
        body: { a: [1] },
      });
    },
  );

  it('keeps JSON that says null', () => {
    expect(presentBody(Buffer.from('null'), 'application/json')).toEqual({
      bodyKind: 'json',
      body: null,
    });
  });

  it('gives broken JSON as text, so that the answer is not lost', () => {
    expect(presentBody(Buffer.from('{"a":'), 'application/json')).toEqual({
      bodyKind: 'text',
      body: '{"a":',
    });
  });

  it.each(['text/html', 'application/xml', 'image/svg+xml', 'text/csv; charset="iso-8859-1"'])(
    'decodes %s, unless it is an image',
    (type) => {
      const { bodyKind } = presentBody(Buffer.from('plain'), type);

      expect(bodyKind).toBe(type.startsWith('image') ? 'base64' : 'text');
    },
  );

  it('decodes a text by its charset', () => {
    expect(presentBody(Buffer.from([0xe9, 0x74, 0xe9]), 'text/plain; charset=ISO-8859-1')).toEqual({
      bodyKind: 'text',
      body: 'été',
    });
  });

  it.each(['application/octet-stream', 'image/png', undefined, 'text/plain; charset=unheard-of'])(
    'gives %s as base64',
    (type) => {
      expect(presentBody(Buffer.from([0xff, 0x00]), type)).toEqual({
        bodyKind: 'base64',
        body: '/wA=',
      });
    },
  );

  it('tells no body from an empty text', () => {
    expect(presentBody(Buffer.alloc(0), 'text/plain')).toEqual({ bodyKind: 'none', body: null });
  });
});

describe('selectHeaders', () => {
  it('keeps what says something of the answer, and nothing that could be a secret', () => {
    const selected = selectHeaders({
      'content-type': 'text/plain',
      etag: '"1"',
      'set-cookie': ['session=1'],
      cookie: 'session=1',
      authorization: 'Bearer 1',
      'www-authenticate': 'Bearer realm="1"',
      'x-api-key': '1',
    });

    expect(selected).toEqual({ 'content-type': 'text/plain', etag: '"1"' });
  });

  it('cuts a long value', () => {
    expect(selectHeaders({ link: 'x'.repeat(2_000) })['link']).toHaveLength(512);
  });
});

describe('readAllowedHosts', () => {
  const isAllowed = readAllowedHosts('reports.internal, 127.0.0.1:8080 [::1]:443');

  it.each([
    'http://reports.internal/',
    'https://REPORTS.internal:8443/x',
    'http://127.0.0.1:8080/',
    'http://0x7f.1:8080/',
    'https://[::1]/',
  ])('allows %s', (url) => {
    expect(isAllowed(new URL(url))).toBe(true);
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1:8081/',
    'http://127.0.0.2:8080/',
    'http://[::1]/',
    'http://api.reports.internal/',
    'http://reports.internal.example.com/',
    'http://internal/',
  ])('does not allow %s', (url) => {
    expect(isAllowed(new URL(url))).toBe(false);
  });

  it('allows nothing where the stack names nothing', () => {
    expect(readAllowedHosts('')(new URL('http://localhost/'))).toBe(false);
  });
});

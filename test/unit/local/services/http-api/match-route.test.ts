import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchRoute, parseRouteKey } from '#local/services/http-api/match-route.ts';

const routes = (...keys: string[]) => keys.map(parseRouteKey);

describe('matchRoute', () => {
  // The table of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
  it.each([
    ['GET /pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET /pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET /pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST /test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET /', '$default', {}],
  ])('takes for %s the most exact route', (request, key, pathParameters) => {
    const [method = '', path = ''] = request.split(' ');
    const documented = routes(
      '$default',
      'ANY /{proxy+}',
      'GET /pets/{proxy+}',
      'GET /pets/dog/{id}',
      'GET /pets/dog/1',
    );

    expect(matchRoute(documented, method, path)).toMatchObject({ route: { key }, pathParameters });
  });

  it('prefers a named method to ANY, but an exact path to both', () => {
    const mixed = routes('ANY /a/{x}', 'GET /a/{x}', 'ANY /a/b');

    expect(matchRoute(mixed, 'GET', '/a/c')?.route.key).toBe('GET /a/{x}');
    expect(matchRoute(mixed, 'PUT', '/a/c')?.route.key).toBe('ANY /a/{x}');
    expect(matchRoute(mixed, 'GET', '/a/b')?.route.key).toBe('ANY /a/b');
  });

  it.each([
    ['another method', 'PUT', '/v1/health'],
    ['a slash at the end', 'GET', '/v1/health/'],
    ['a longer path', 'GET', '/v1/health/x'],
    ['an empty variable', 'GET', '/v1/jobs/'],
    ['nothing where the rest should be', 'GET', '/v2/'],
    ['no slash before the rest', 'GET', '/v2'],
  ])('finds no route for %s', (_, method, path) => {
    const known = routes('GET /v1/health', 'GET /v1/jobs/{id}', 'ANY /v2/{proxy+}');

    expect(matchRoute(known, method, path)).toBeUndefined();
  });

  it('chooses the same whatever the order of the routes', () => {
    const keys = [
      '$default',
      'ANY /{p+}',
      'GET /{p+}',
      'GET /a/{p+}',
      'ANY /a/{x}',
      'GET /a/{x}',
      'ANY /{y}/b',
      'GET /a/b',
    ];
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });

    fc.assert(
      fc.property(fc.shuffledSubarray(keys), path, (chosen, parts) => {
        const sorted = chosen.toSorted();
        const requested = `/${parts.join('/')}`;

        expect(matchRoute(routes(...chosen), 'GET', requested)?.route.key).toBe(
          matchRoute(routes(...sorted), 'GET', requested)?.route.key,
        );
      }),
    );
  });
});

describe('parseRouteKey', () => {
  it.each(['GET', 'FETCH /a', 'GET a', 'GET /{a+}/b', 'GET /x{a}', '/a'])('refuses %s', (key) => {
    expect(() => parseRouteKey(key)).toThrow('Expected');
  });
});

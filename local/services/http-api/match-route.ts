/** The left side of a route: which requests it is for. */
export interface RoutePattern {
  /** As the template writes it: `GET /v1/jobs/{id}`, `ANY /v1/{proxy+}` or `$default`. */
  readonly key: string;
  /** `ANY` stands for each method; `undefined` for the `$default` route. */
  readonly method?: string;
  readonly segments: readonly Segment[];
}

/** One part of a route's path; a `rest` is last, and takes all that is left, at least one letter. */
type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'rest'; readonly name: string };

/** The route that a request takes. */
export interface RouteMatch<Route> {
  readonly route: Route;
  /** The values of the route's variables, decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The more exact comes first. */
const SEGMENT_ORDER = ['literal', 'parameter', 'rest'] as const;

/**
 * Reads a route key.
 *
 * @throws for one that HTTP APIs do not have.
 */
export function parseRouteKey(key: string): RoutePattern {
  if (key === '$default') return { key, segments: [] };
  const [, method, path] = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/.*)$/.exec(key) ?? [];
  if (method === undefined || path === undefined)
    throw new Error(`Expected a route key as "GET /path" or "$default", got ${key}.`);
  const segments = path.slice(1).split('/').map(parseSegment);
  if (segments.slice(0, -1).some(({ kind }) => kind === 'rest'))
    throw new Error(`Expected a greedy variable at the end of the route's path only, got ${key}.`);
  return { key, method, segments };
}

/**
 * Chooses the route of a request as HTTP APIs do: the most exact path, a named method before `ANY`, and `$default` last.
 *
 * A path that ends in a slash is another than the one without.
 *
 * @param path - Decoded, without the stage.
 * @returns `undefined` when no route is for the request.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<Route extends RoutePattern>(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch<Route> | undefined {
  const parts = path.slice(1).split('/');
  const matches = routes.flatMap((route) => {
    if (route.method === undefined) return { route, pathParameters: {} };
    if (route.method !== 'ANY' && route.method !== method) return [];
    const pathParameters = parametersOf(route.segments, parts);
    return pathParameters === undefined ? [] : { route, pathParameters };
  });
  return matches.toSorted((one, other) => compare(one.route, other.route))[0];
}

function parseSegment(text: string): Segment {
  const [, name, rest] = /^\{([A-Za-z0-9_]+)(\+?)\}$/.exec(text) ?? [];
  if (name !== undefined) return { kind: rest === '+' ? 'rest' : 'parameter', name };
  if (/[{}]/.test(text))
    throw new Error(`Expected a variable to be a whole part of the route's path, got ${text}.`);
  return { kind: 'literal', text };
}

function parametersOf(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === 'rest';
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length)
    return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts.slice(index, segment.kind === 'rest' ? undefined : index + 1).join('/');
    if (!fits(segment, part)) return undefined;
    if (segment.kind !== 'literal') parameters[segment.name] = part;
  }
  return parameters;
}

function fits(segment: Segment, part: string): boolean {
  return segment.kind === 'literal' ? segment.text === part : part !== '';
}

function compare(one: RoutePattern, other: RoutePattern): number {
  if (one.method === undefined || other.method === undefined)
    return Number(one.method === undefined) - Number(other.method === undefined);
  for (const [index, segment] of one.segments.entries()) {
    const opposite = other.segments[index];
    if (opposite === undefined) break;
    const order = SEGMENT_ORDER.indexOf(segment.kind) - SEGMENT_ORDER.indexOf(opposite.kind);
    if (order !== 0) return order;
  }
  return Number(one.method === 'ANY') - Number(other.method === 'ANY');
}

import {
  matchRoute,
  parseRouteKey,
  type RouteMatch,
  type RoutePattern,
} from '#local/services/http-api/match-route.ts';

/** A Lambda function behind routes. */
export interface Integration {
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** A route and what stands behind it. */
export interface Route extends RoutePattern {
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly integration: Integration;
}

/** A route found for a request, with the stage that it came through. */
export interface FoundRoute extends RouteMatch<Route> {
  readonly apiId: string;
  readonly stage: string;
  /** The request's path, decoded, without the stage's name and without its first slash. */
  readonly pathInStage: string;
}

/** The one HTTP API of a template, as its resources make it. */
export class ApiModel {
  #apiId: string | undefined;
  readonly #stages = new Set<string>();
  readonly #integrations = new Map<string, Integration>();
  readonly #routes = new Map<string, Route>();

  /** @throws for a second API: one address cannot serve two. */
  addApi(apiId: string): void {
    if (this.#apiId !== undefined)
      throw new Error(`Expected one HTTP API in the template, got a second beside ${this.#apiId}.`);
    this.#apiId = apiId;
  }

  addStage(name: string): void {
    this.#stages.add(name);
  }

  addIntegration(id: string, integration: Integration): void {
    this.#integrations.set(id, integration);
  }

  /**
   * @param target - As `integrations/abc123`.
   * @throws for a key that is malformed or taken, or a target that does not exist.
   */
  addRoute(key: string, authorization: Route['authorization'], target: string): void {
    const integration = this.#integrations.get(target.replace(/^integrations\//, ''));
    if (integration === undefined)
      throw new Error(`Expected the route ${key} to target an integration, got ${target}.`);
    if (this.#routes.has(key)) throw new Error(`Expected one route ${key}, got a second.`);
    this.#routes.set(key, { ...parseRouteKey(key), authorization, integration });
  }

  /**
   * Finds a request's route: through the stage that its path begins with, else through the `$default` stage.
   *
   * @param path - Decoded.
   */
  find(method: string, path: string): FoundRoute | undefined {
    const [, first = ''] = path.split('/');
    const isNamed = first !== '' && this.#stages.has(first);
    if (this.#apiId === undefined || !(isNamed || this.#stages.has('$default'))) return undefined;
    const rest = isNamed ? path.slice(first.length + 1) || '/' : path;
    const match = matchRoute([...this.#routes.values()], method, rest);
    if (match === undefined) return undefined;
    const stage = isNamed ? first : '$default';
    return { ...match, apiId: this.#apiId, stage, pathInStage: rest.slice(1) };
  }
}

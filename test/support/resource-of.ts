import type { LocalCloud } from '#local/cloud.ts';

/** A resource of the stack as it was made. */
type DeployedResource =
  LocalCloud['deployment']['resources'] extends ReadonlyMap<string, infer R> ? R : never;

/**
 * Finds the one resource of a type whose logical id begins so.
 *
 * @throws an Error where there is none.
 */
export function resourceOf(cloud: LocalCloud, type: string, prefix: string): DeployedResource {
  for (const [logicalId, resource] of cloud.deployment.resources)
    if (resource.type === type && logicalId.startsWith(prefix)) return resource;
  throw new Error(`Expected a ${type} whose logical id begins with ${prefix}, got none.`);
}

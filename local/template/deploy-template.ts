import type { Template } from '#local/template/parse-template.ts';
import { planDeployment } from '#local/template/plan-deployment.ts';
import type { ResourceIdentity, ResourceType } from '#local/template/resource-type.ts';
import type { StackPlace } from '#local/template/template-scope.ts';

/** A stack that stands. */
export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>;
  /** Every resource that was made, by logical id, in the order of its making. */
  readonly resources: ReadonlyMap<string, ResourceIdentity & { readonly type: string }>;
}

/**
 * Makes the resources of a template, each once everything that it refers to or depends on has been made.
 *
 * Nothing is made unless the whole template is understood.
 *
 * @param types - Made with `resourceType`, which parses the resolved properties before it creates.
 * @throws {TemplateError} with all faults of the template; an `Error` naming the resource that could not be made.
 */
export async function deployTemplate(
  template: Template,
  place: StackPlace,
  types: readonly ResourceType[],
): Promise<Deployment> {
  const plan = planDeployment(template, place, types);
  const resources = new Map<string, ResourceIdentity & { readonly type: string }>();
  for (const { logicalId, type, identity, properties } of plan.resources) {
    try {
      await type.create(properties, identity);
    } catch (error) {
      throw new Error(`Expected to make ${logicalId} (${type.type}), got: ${String(error)}`, {
        cause: error,
      });
    }
    resources.set(logicalId, { ...identity, type: type.type });
  }
  return { outputs: plan.outputs, resources };
}

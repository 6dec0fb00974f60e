import type * as z from 'zod';
import { orderResources } from '#local/template/order-resources.ts';
import type { Json, Template } from '#local/template/parse-template.ts';
import {
  FollowingFault,
  NO_VALUE,
  ResolveFault,
  type ResolveScope,
  resolveValue,
} from '#local/template/resolve-value.ts';
import type { ResourceIdentity, ResourceType } from '#local/template/resource-type.ts';
import { TemplateError } from '#local/template/template-error.ts';
import { type StackPlace, templateScope } from '#local/template/template-scope.ts';
import { withoutInert } from '#local/template/without-inert.ts';

/** A resource that is about to be made. */
interface PlannedResource {
  readonly logicalId: string;
  readonly type: ResourceType;
  readonly identity: ResourceIdentity;
  /** Resolved, and without the inert ones. */
  readonly properties: Json;
}

/** What a template comes to in one place. */
export interface DeploymentPlan {
  /** Each after all that it refers to or depends on. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** Resource types that stand for nothing at run time, each with the reason. */
const IGNORED_TYPES: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'Tells AWS which constructs a stack was made of.',
};

type Resource = Template['Resources'][string];

interface Known {
  readonly resource: Resource;
  readonly type: ResourceType;
}

/**
 * Resolves a template and holds it against the resource types, without making anything.
 *
 * @throws {TemplateError} with all faults: unknown types and functions, properties that are neither honoured nor
 *   inert, references to nothing, circles.
 */
export function planDeployment(
  template: Template,
  place: StackPlace,
  types: readonly ResourceType[],
): DeploymentPlan {
  const planning = new Planning(template, place, types);
  const planned = new Map<string, PlannedResource>();
  for (const logicalId of planning.known.keys()) {
    const resource = planning.plan(logicalId);
    if (resource !== undefined) planned.set(logicalId, resource);
  }
  const outputs = planning.outputs();
  const order = orderResources(planning.needs);
  if (order.kind === 'circle')
    planning.faults.push(
      `Expected resources to refer to each other in one direction, got the circle ${order.logicalIds.join(' → ')}.`,
    );
  if (planning.faults.length > 0) throw new TemplateError([...new Set(planning.faults)]);
  const resources = order.logicalIds.flatMap((logicalId) => planned.get(logicalId) ?? []);
  return { resources, outputs };
}

/** The planning of one template: faults and needs gather while its values are resolved. */
class Planning {
  readonly faults: string[] = [];
  /** What each resource refers to or depends on. */
  readonly needs = new Map<string, Set<string>>();
  readonly known = new Map<string, Known>();
  readonly #template: Template;
  readonly #place: StackPlace;
  readonly #scope: ResolveScope;
  /** Resources that conditions and CDK leave out. */
  readonly #left = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #identities = new Map<string, ResourceIdentity | 'naming'>();
  #resolving: string | undefined;
  /** Whether what is being resolved refers to a resource of an unknown type, so that it cannot be judged. */
  #isBlocked = false;

  constructor(template: Template, place: StackPlace, types: readonly ResourceType[]) {
    this.#template = template;
    this.#place = place;
    this.#scope = templateScope(template, place, {
      identityOf: (logicalId) => this.#refer(logicalId),
      report: (fault) => this.faults.push(fault),
    });
    const byName = new Map(types.map((type) => [type.type, type]));
    for (const [logicalId, resource] of Object.entries(template.Resources))
      this.#sort(logicalId, resource, byName.get(resource.Type));
  }

  plan(logicalId: string): PlannedResource | undefined {
    const known = this.known.get(logicalId);
    if (known === undefined) return undefined;
    const { resource, type } = known;
    this.#resolving = logicalId;
    this.#isBlocked = false;
    for (const needed of resource.DependsOn) this.#need(needed);
    const faultsBefore = this.faults.length;
    const path = `Resources.${logicalId}.Properties`;
    const resolved = resolveValue(resource.Properties, path, this.#scope);
    const identity = this.#guard(logicalId, () => this.#identify(logicalId));
    const isFaulty = this.#isBlocked || this.faults.length > faultsBefore;
    if (resolved === NO_VALUE || identity === undefined || isFaulty) return undefined;
    const properties = withoutInert(resolved, Object.keys(type.inert));
    const checked = type.properties.safeParse(properties);
    if (checked.success) return { logicalId, type, identity, properties };
    for (const issue of checked.error.issues)
      this.faults.push(...describeIssue(`${logicalId} (${type.type})`, issue));
    return undefined;
  }

  outputs(): Readonly<Record<string, string>> {
    this.#resolving = undefined;
    const outputs: Record<string, string> = {};
    for (const [name, { Value: value, Condition: condition }] of Object.entries(
      this.#template.Outputs,
    )) {
      if (!this.#guard(`Outputs.${name}`, () => this.#isKept(condition))) continue;
      const resolved = resolveValue(value, `Outputs.${name}`, this.#scope);
      if (typeof resolved === 'string') outputs[name] = resolved;
      else if (resolved !== NO_VALUE)
        this.faults.push(`Outputs.${name}: Expected a text, got ${JSON.stringify(resolved)}.`);
    }
    return outputs;
  }

  #sort(logicalId: string, resource: Resource, type: ResourceType | undefined): void {
    const isKept = this.#guard(logicalId, () => this.#isKept(resource.Condition));
    if (!isKept || resource.Type in IGNORED_TYPES) {
      this.#left.add(logicalId);
    } else if (type === undefined) {
      this.#unknown.add(logicalId);
      this.faults.push(
        `Expected ${logicalId} to be of a type that the local cloud knows, got ${resource.Type}. Write a resource type for it, or leave it out of the stack.`,
      );
    } else {
      this.known.set(logicalId, { resource, type });
      this.needs.set(logicalId, new Set());
    }
  }

  #isKept(condition: string | undefined): boolean {
    return condition === undefined || this.#scope.condition(condition);
  }

  /** Notes that the resource being resolved needs another, where both are made here. */
  #need(logicalId: string): void {
    if (this.known.has(logicalId)) this.needs.get(this.#resolving ?? '')?.add(logicalId);
    else if (!this.#left.has(logicalId) && !this.#unknown.has(logicalId))
      this.faults.push(
        `Expected ${this.#resolving} to depend on a resource of the template, got ${logicalId}.`,
      );
  }

  #refer(logicalId: string): ResourceIdentity | undefined {
    if (this.known.has(logicalId)) this.#need(logicalId);
    return this.#identify(logicalId);
  }

  #identify(logicalId: string): ResourceIdentity | undefined {
    const before = this.#identities.get(logicalId);
    if (before === 'naming')
      throw new ResolveFault(`Expected names without a circle, got one through ${logicalId}.`);
    if (before !== undefined) return before;
    const known = this.known.get(logicalId);
    if (known === undefined) return this.#nameLeft(logicalId);
    this.#identities.set(logicalId, 'naming');
    const identity = known.type.identify({
      ...this.#place,
      logicalId,
      property: (name) => this.#nameProperty(logicalId, name),
    });
    this.#identities.set(logicalId, identity);
    return identity;
  }

  #nameLeft(logicalId: string): ResourceIdentity | undefined {
    if (this.#unknown.has(logicalId)) {
      this.#isBlocked = true;
      throw new FollowingFault(`${logicalId} is of an unknown type.`);
    }
    if (this.#left.has(logicalId))
      throw new ResolveFault(`Expected a resource that is made here, got ${logicalId}.`);
    return undefined;
  }

  #nameProperty(logicalId: string, name: string): string | undefined {
    const value = this.known.get(logicalId)?.resource.Properties[name];
    if (value === undefined) return undefined;
    const path = `Resources.${logicalId}.Properties.${name}`;
    const resolved = resolveValue(value, path, this.#scope);
    return typeof resolved === 'string' ? resolved : undefined;
  }

  #guard<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ResolveFault)) throw error;
      if (!(error instanceof FollowingFault)) this.faults.push(`${what}: ${error.message}`);
      return undefined;
    }
  }
}

/** A fault of a union is told by the faults of all its members. */
function describeIssue(what: string, issue: z.core.$ZodIssue, prefix = 'Properties'): string[] {
  const path = issue.path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}.${String(step)}`,
    prefix,
  );
  if (issue.code === 'invalid_union' && issue.errors.some((member) => member.length > 0))
    return issue.errors.flat().flatMap((member) => describeIssue(what, member, path));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) =>
        `Expected ${what} to have properties that the local cloud honours or lists as inert, got ${path}.${key}. Teach it to the resource type, or leave it out of the stack.`,
    );
  return [
    `Expected ${what} to have a ${path} as the local cloud honours it, got: ${issue.message}.`,
  ];
}

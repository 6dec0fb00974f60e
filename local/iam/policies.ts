import type { Authorizer, Decision, Permission, RoleCaller } from '#local/iam/caller.ts';
import { compileGrant, type Grant } from '#local/iam/compile-grant.ts';
import { conditionMatcher, type RequestContext } from '#local/iam/policy-condition.ts';
import type { IdentityStatement, TrustStatement } from '#local/iam/policy-document.ts';
import { assumedRoleArn } from '#local/iam/role-id.ts';

/** A wish of a service to act as a role. */
interface Assumption {
  readonly roleArn: string;
  /** As `scheduler.amazonaws.com`. */
  readonly principalService: string;
  /** Condition keys, as `aws:SourceAccount` and `aws:SourceArn`. */
  readonly context: RequestContext;
}

/** A thing that a role was allowed. */
interface ObservedUse {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
}

/** The statements that a role holds. */
interface RoleGrants {
  readonly roleArn: string;
  readonly statements: readonly IdentityStatement[];
}

/** Parts of one `Allow` statement, as written there, that no call has needed. */
interface UnusedGrant {
  readonly roleArn: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The roles of a stack and what they may do: nothing that a policy does not allow. */
export interface Policies extends Authorizer {
  /** Makes a role, which may do nothing yet. */
  addRole(roleArn: string, trust: readonly TrustStatement[]): void;
  /**
   * Gives a role statements, beside those that it has.
   *
   * @throws when there is no such role.
   */
  attach(roleArn: string, statements: readonly IdentityStatement[]): void;
  /** Says whether a service may act as a role; `false` for an unknown role. */
  mayAssume(assumption: Assumption): boolean;
  /** Lists each action on each resource that a role was allowed so far, once. */
  observed(): readonly ObservedUse[];
  granted(): readonly RoleGrants[];
  /** Lists the statements that hold more than was needed so far. */
  unused(): readonly UnusedGrant[];
}

interface Role {
  readonly trust: readonly TrustStatement[];
  readonly grants: Grant[];
}

/** Makes a register without roles. */
export function createPolicies(): Policies {
  const roles = new Map<string, Role>();
  const observed = new Map<string, ObservedUse>();
  return {
    addRole: (roleArn, trust) => void roles.set(roleArn, { trust, grants: [] }),
    attach: (roleArn, statements) => {
      const role = roles.get(roleArn);
      if (role === undefined) throw new Error(`Expected a role of the template, got ${roleArn}.`);
      role.grants.push(...statements.map(compileGrant));
    },
    decide: (caller, permission) => {
      if (caller.kind === 'operator') return { kind: 'allowed' };
      const { roleArn } = caller;
      const covering = (roles.get(roleArn)?.grants ?? []).filter((grant) =>
        grant.covers(permission),
      );
      const decision = weigh(covering, permission, caller);
      if (decision.kind === 'denied') return decision;
      for (const grant of covering) grant.use(permission);
      const { action, resource } = permission;
      observed.set(JSON.stringify([roleArn, action, resource]), { roleArn, action, resource });
      return decision;
    },
    mayAssume: (assumption) => isTrusted(roles.get(assumption.roleArn)?.trust ?? [], assumption),
    observed: () => [...observed.values()],
    granted: () =>
      [...roles].map(([roleArn, { grants }]) => ({
        roleArn,
        statements: grants.map(({ statement }) => statement),
      })),
    unused: () =>
      [...roles].flatMap(([roleArn, { grants }]) =>
        grants
          .filter(({ statement }) => statement.Effect === 'Allow')
          .map((grant) => ({ roleArn, ...grant.unused() }))
          .filter(({ actions, resources }) => actions.length + resources.length > 0),
      ),
  };
}

/**
 * Weighs the statements that speak of a call: a denial wins, and silence is one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html for the words
 */
function weigh(
  covering: readonly Grant[],
  { action, resource }: Permission,
  caller: RoleCaller,
): Decision {
  const user = assumedRoleArn(caller.roleArn, caller.actor);
  const refusal = `User: ${user} is not authorized to perform: ${action} on resource: ${resource}`;
  if (covering.some(({ statement }) => statement.Effect === 'Deny'))
    return {
      kind: 'denied',
      message: `${refusal} with an explicit deny in an identity-based policy`,
    };
  if (covering.length > 0) return { kind: 'allowed' };
  return {
    kind: 'denied',
    message: `${refusal} because no identity-based policy allows the ${action} action`,
  };
}

function isTrusted(
  trust: readonly TrustStatement[],
  { principalService, context }: Assumption,
): boolean {
  const covering = trust.filter(
    ({ Principal: { Service: services }, Condition: conditions }) =>
      services.includes(principalService) && conditionMatcher(conditions)(context),
  );
  return covering.length > 0 && covering.every(({ Effect: effect }) => effect === 'Allow');
}

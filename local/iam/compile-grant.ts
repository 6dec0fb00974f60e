import type { Permission } from '#local/iam/caller.ts';
import { conditionMatcher } from '#local/iam/policy-condition.ts';
import type { IdentityStatement } from '#local/iam/policy-document.ts';
import { arnMatcher, type Matcher, wildcardMatcher } from '#local/iam/wildcards.ts';

/** A statement that a role holds, ready to be held against calls. */
export interface Grant {
  readonly statement: IdentityStatement;
  /** Says whether the statement speaks of a call. */
  covers(permission: Permission): boolean;
  /** Notes that a call which the statement covers was made. */
  use(permission: Permission): void;
  /** Lists the actions and resources of the statement that no noted call needed, as written there. */
  unused(): { readonly actions: readonly string[]; readonly resources: readonly string[] };
}

interface Pattern {
  readonly text: string;
  readonly matches: Matcher;
  isUsed: boolean;
}

/** Compiles a statement of a policy. */
export function compileGrant(statement: IdentityStatement): Grant {
  const actions = statement.Action.map((text) => pattern(text, wildcardMatcher(text, 'i')));
  const resources = statement.Resource.map((text) => pattern(text, arnMatcher(text)));
  const conditionsHold = conditionMatcher(statement.Condition);
  return {
    statement,
    covers: ({ action, resource, context = {} }) =>
      actions.some(({ matches }) => matches(action)) &&
      resources.some(({ matches }) => matches(resource)) &&
      conditionsHold(context),
    use: ({ action, resource }) => {
      for (const one of actions) one.isUsed ||= one.matches(action);
      for (const one of resources) one.isUsed ||= one.matches(resource);
    },
    unused: () => ({ actions: unusedOf(actions), resources: unusedOf(resources) }),
  };
}

function pattern(text: string, matches: Matcher): Pattern {
  return { text, matches, isUsed: false };
}

function unusedOf(patterns: readonly Pattern[]): readonly string[] {
  return patterns.filter(({ isUsed }) => !isUsed).map(({ text }) => text);
}

/** Who makes a call to a local service: the person at this machine, or a role that the template defines. */
export type Caller = { readonly kind: 'operator' } | RoleCaller;

/** A Lambda function, or EventBridge Scheduler, acting as a role. */
export interface RoleCaller {
  readonly kind: 'role';
  readonly roleArn: string;
  /** What acts, as it is named to faults and request counts: a function's name, or `scheduler`. */
  readonly actor: string;
  /** Ends the calling process at once, where it has one of its own; faults use it. */
  readonly kill?: () => void;
  /** The request id of the invocation that it runs now, where it runs any; faults use it. */
  readonly invocation?: () => string | undefined;
}

/** The person at this machine, who may do all. */
export const OPERATOR: Caller = { kind: 'operator' };

/** One action on one resource that a call needs, in IAM's own words. */
export interface Permission {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** Condition keys of the request, as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Answers whether a caller may do a thing; an `AccessDenied` message in AWS's own words when not. */
export interface Authorizer {
  decide(caller: Caller, permission: Permission): Decision;
}

export type Decision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly message: string };

import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundle, HANDLER } from '#infra/bundle.ts';
import { acknowledgeWildcards, type Grant, statementOf } from '#infra/grant.ts';

/** What makes one function differ from another. */
export interface AlmanacFunctionProps {
  /** The file with the handler, from the project's root. */
  readonly entry: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** All of its variables: as many as its `environment.ts` names. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that it may do, its own log aside. */
  readonly grants: readonly Grant[];
  /** Only tasks have a fixed name, which EventBridge's copies of schedules refer to. */
  readonly functionName?: string;
  /** Further files of its bundle, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Whether it may be called again, and again, by what it sends itself.
   *
   * Lambda stops a chain of queues and functions at about 16 rounds. A start that waits for hours goes round the starts queue
   * more often than that, and so do retries; each round is bounded by the start's own `deliverBy` and attempts.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly mayGoRound?: boolean;
  readonly config: { readonly logRetention: RetentionDays; readonly removalPolicy: RemovalPolicy };
}

/**
 * Makes a function with a log and a role of its own.
 *
 * Its policy is written into the role, not beside it: whatever waits for the function, as an event source mapping does, has waited
 * for the policy. Lambda's managed policies are not used, as they allow logging everywhere.
 */
export class AlmanacFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: AlmanacFunctionProps) {
    super(scope, id);
    const { entry, files, environment, timeout, memoryMb, mayGoRound = false } = props;
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.config.logRetention,
      removalPolicy: props.config.removalPolicy,
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      ...(props.functionName !== undefined && { functionName: props.functionName }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundle(entry, files),
      handler: HANDLER,
      environment: { ...environment },
      timeout,
      memorySize: memoryMb,
      logGroup,
      role: this.role([...props.grants, writeLog(logGroup)]),
      ...(mayGoRound && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
  }

  private role(grants: readonly Grant[]): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Grants: new PolicyDocument({ statements: grants.map(statementOf) }),
      },
    });
    acknowledgeWildcards(role, grants);
    return role;
  }
}

function writeLog({ logGroupArn }: LogGroup): Grant {
  return { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] };
}

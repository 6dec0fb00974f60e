import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as z from 'zod';
import type { stackBudgets } from '#shared/contracts/budgets.ts';
import type { stackRetention } from '#shared/contracts/retention.ts';

/** The stages that the app can be synthesized for, as `cdk --context stage=prod` names them. */
export type Stage = 'dev' | 'prod';

/** What one stage does differently from another; all else is the same in each, so that what was tried in one holds in the other. */
export interface StageConfig {
  /** What becomes of tables, payloads and logs when the stack goes, or when an update replaces them. */
  readonly removalPolicy: RemovalPolicy;
  /** Whether DynamoDB refuses to delete a table, and CloudFormation the stack, until someone lifts it by hand. */
  readonly isProtected: boolean;
  /** How far back a table can be restored, 1 to 35 days; the price is by the table's size and not by the days. */
  readonly recoveryDays: number;
  /** How long functions' logs and the API's access log are kept. */
  readonly logRetention: RetentionDays;
  /**
   * How long results are kept where neither a schedule nor its task says so, in the form of a schedule's `resultExpirationTime`, and what
   * none may pass: ten years at the most. A lower maximum holds for schedules from their next change on.
   */
  readonly retention: z.input<typeof stackRetention>;
  /**
   * What the results of all schedules, or of those with a tag, may come to once as much leaves as comes; a schedule that would pass a
   * budget is written with a warning, or refused. Without budgets no write of a schedule takes anything more.
   *
   * @example [{ scope: 'stack', dollarsPerMonth: 50, onExceeded: 'warn' },
   *   { scope: { tag: 'team:sales' }, storedBytes: 20 * 1024 ** 3, onExceeded: 'refuse' }]
   */
  readonly budgets: z.input<typeof stackBudgets>;
  /** Requests a second that the API lets through, and how many may come at once; above it answers 429. */
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number };
  /**
   * Whether what happens is told on an event bus. AWS bills each event, at least one for each job, whether or not a rule takes it;
   * without a bus there is nothing to subscribe to, and rules that someone has made on it go with it.
   */
  readonly hasEventBus: boolean;
}

/** A schedule without `resultExpirationTime` stores no results, as in APScheduler. */
const RETENTION: StageConfig['retention'] = {
  resultExpirationTime: 0,
  longestExpirationTime: '3650d',
};

/**
 * Each stage's settings.
 *
 * A dev stack leaves nothing behind, with one exception: S3 deletes no bucket that holds objects, so empty it before `cdk destroy`.
 */
export const STAGES: Readonly<Record<Stage, StageConfig>> = {
  dev: {
    removalPolicy: RemovalPolicy.DESTROY,
    isProtected: false,
    recoveryDays: 1,
    logRetention: RetentionDays.ONE_WEEK,
    retention: RETENTION,
    budgets: [],
    throttle: { rateLimit: 50, burstLimit: 100 },
    hasEventBus: true,
  },
  prod: {
    removalPolicy: RemovalPolicy.RETAIN,
    isProtected: true,
    recoveryDays: 35,
    logRetention: RetentionDays.THREE_MONTHS,
    retention: RETENTION,
    budgets: [],
    throttle: { rateLimit: 500, burstLimit: 1_000 },
    hasEventBus: true,
  },
};

/**
 * Reads the stage from the CDK context, whose default stands in `cdk.json`.
 *
 * @throws an Error that lists the stages, for any other value.
 */
export function readStage(context: unknown): Stage {
  if (context === 'dev' || context === 'prod') return context;
  throw new Error(
    `Expected the context "stage" to be ${Object.keys(STAGES).join(' or ')}, got ${JSON.stringify(context)}; pass --context stage=dev.`,
  );
}

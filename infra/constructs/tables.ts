import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import {
  BY_DAY,
  BY_FAILURE,
  BY_WAITING,
  DAY,
  FAILURE_DAY,
  FINISHED_AT,
  JOB_LIST_ATTRIBUTES,
  SETTLED_ATTRIBUTES,
  WAITING_FOR,
} from '#shared/domain/job/job-index.ts';
import { BY_EXPIRY, EXPIRY_AT, EXPIRY_DAY } from '#shared/domain/result/expiry-attributes.ts';
import { BY_HELD, HELD_ATTRIBUTES, HELD_BY } from '#shared/domain/result/keep-last.ts';

/** The index of the Schedules table that lists definitions by id; the state beside each has no `kind`, and so is not in it. */
export const SCHEDULES_BY_ID = 'byId';

const SCHEDULES_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: SCHEDULES_BY_ID,
  partitionKey: { name: 'kind', type: AttributeType.STRING },
  sortKey: { name: 'scheduleId', type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
};

/** Only a job that waits for its turn has the key attribute. */
const WAITING_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: BY_WAITING,
  partitionKey: { name: WAITING_FOR, type: AttributeType.STRING },
  sortKey: { name: 'fireTime', type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
};

/** Only a job that its schedule holds beyond its time has the key attribute. */
const HELD_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: BY_HELD,
  partitionKey: { name: HELD_BY, type: AttributeType.STRING },
  sortKey: { name: 'fireTime', type: AttributeType.STRING },
  projectionType: ProjectionType.INCLUDE,
  nonKeyAttributes: [...HELD_ATTRIBUTES],
};

/** Only a job that something happens to when it expires has the key attributes. */
const EXPIRY_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: BY_EXPIRY,
  partitionKey: { name: EXPIRY_DAY, type: AttributeType.STRING },
  sortKey: { name: EXPIRY_AT, type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
};

/** The index of the Usage table that lists totals by id; days have no `kind`. */
export const USAGE_BY_ID = 'byId';

const USAGE_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: USAGE_BY_ID,
  partitionKey: { name: 'kind', type: AttributeType.STRING },
  sortKey: { name: 'scheduleId', type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
};

interface TableShape {
  readonly sortKey: string;
  readonly indexes?: readonly GlobalSecondaryIndexPropsV2[];
  readonly isStreamed: boolean;
}

/**
 * Makes the three tables: what is to happen, what has happened, and the sums of it.
 *
 * All are keyed by `scheduleId`, paid by request, and lose items by TTL on `expiresAt`. Their logical ids are pinned by a test:
 * a table under another id is another, empty table.
 */
export class Tables extends Construct {
  readonly schedules: TableV2;
  readonly jobs: TableV2;
  readonly usage: TableV2;
  private readonly config: StageConfig;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    this.config = config;
    this.schedules = this.table('Schedules', {
      sortKey: 'part',
      indexes: [SCHEDULES_INDEX],
      isStreamed: true,
    });
    this.jobs = this.table('Jobs', {
      sortKey: 'fireTime',
      indexes: [
        jobIndex(BY_DAY, { partition: DAY, attributes: SETTLED_ATTRIBUTES }),
        jobIndex(BY_FAILURE, { partition: FAILURE_DAY, attributes: JOB_LIST_ATTRIBUTES }),
        WAITING_INDEX,
        HELD_INDEX,
        EXPIRY_INDEX,
      ],
      isStreamed: true,
    });
    this.usage = this.table('Usage', {
      sortKey: 'part',
      indexes: [USAGE_INDEX],
      isStreamed: false,
    });
  }

  private table(id: string, { sortKey, indexes = [], isStreamed }: TableShape): TableV2 {
    const { removalPolicy, isProtected, recoveryDays } = this.config;
    return new TableV2(this, id, {
      partitionKey: { name: 'scheduleId', type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [...indexes],
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: recoveryDays,
      },
      deletionProtection: isProtected,
      removalPolicy,
      // A settled job's old image tells what it was before, and a removed one's which object goes with it.
      ...(isStreamed && { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES }),
    });
  }
}

/** Only a settle writes the key attribute, so the index holds settled jobs and costs the other writes nothing. */
function jobIndex(
  indexName: string,
  { partition, attributes }: { readonly partition: string; readonly attributes: readonly string[] },
): GlobalSecondaryIndexPropsV2 {
  return {
    indexName,
    partitionKey: { name: partition, type: AttributeType.STRING },
    sortKey: { name: FINISHED_AT, type: AttributeType.STRING },
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: [...attributes],
  };
}

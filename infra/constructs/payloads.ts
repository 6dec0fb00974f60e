import { Duration } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '#infra/acknowledge.ts';
import type { StageConfig } from '#infra/config.ts';
import {
  ARCHIVE_CLASS_DAYS,
  ARCHIVE_PREFIX,
  type ArchiveClassDays,
  archiveClassPrefix,
} from '#shared/domain/archive/archive-place.ts';
import {
  PAYLOAD_CLASS_DAYS,
  PAYLOAD_CLASS_SLACK_DAYS,
  type PayloadClassDays,
  payloadPrefix,
  RESULTS_PREFIX,
  UNSETTLED_PREFIX,
} from '#shared/domain/result/payload-class.ts';

/** An outcome that nobody has settled in two weeks lies longer than any queue holds the message that would. */
const UNSETTLED_DAYS = 14;

/**
 * Makes the bucket of results that are too large for their row.
 *
 * There is no versioning: an object is written once, under a key of its own, and a version kept after its delete would outlive the
 * time that its schedule has set. The lifecycle rules are the net below `follow-jobs`, which deletes each object with its row.
 */
export class Payloads extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { removalPolicy }: StageConfig) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      versioned: false,
      lifecycleRules: [
        ...PAYLOAD_CLASS_DAYS.map(classRule),
        ...ARCHIVE_CLASS_DAYS.map(archiveRule),
        { id: 'unsettled', prefix: UNSETTLED_PREFIX, expiration: Duration.days(UNSETTLED_DAYS) },
        { id: 'aborted-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy,
    });
    acknowledge(this.bucket, 'AwsSolutions-S1', {
      grounds: 'costs-more-than-it-tells',
      because:
        'Each object is written and read for one job, whose row tells when, by which attempt and for whom; an access log of it would need a second bucket and grow faster than this one.',
    });
  }

  /** All results, as the resource of a statement. */
  get everyResult(): string {
    return this.bucket.arnForObjects(`${RESULTS_PREFIX}*`);
  }

  /** All that is archived, as the resource of a statement. */
  get everyArchived(): string {
    return this.bucket.arnForObjects(`${ARCHIVE_PREFIX}*`);
  }

  /** All outcomes that wait to be settled, as the resource of a statement. */
  get everyUnsettled(): string {
    return this.bucket.arnForObjects(`${UNSETTLED_PREFIX}*`);
  }
}

/** A day of the archive is kept from when it is written, which is after the day: no job of it goes before its time. */
function archiveRule(days: ArchiveClassDays): LifecycleRule {
  return {
    id: `archive-${days}d`,
    prefix: archiveClassPrefix(days),
    expiration: Duration.days(days),
  };
}

function classRule(days: PayloadClassDays): LifecycleRule {
  return {
    id: `results-${days}d`,
    prefix: payloadPrefix(days),
    expiration: Duration.days(days + PAYLOAD_CLASS_SLACK_DAYS),
  };
}

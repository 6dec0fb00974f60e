import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { LifecycleRule } from '#local/services/s3/lifecycle-rule.ts';
import { parseXml, type XmlElements } from '#local/services/s3/xml.ts';
import { malformedXml, single, wholeNumberText } from '#local/services/s3/xml-shape.ts';

/** A bound on sizes or a prefix, alone or within `And`; tags are not kept here, so rules by tag are refused. */
const bounds = z.strictObject({
  Prefix: single(z.string()).optional(),
  ObjectSizeGreaterThan: single(wholeNumberText).optional(),
  ObjectSizeLessThan: single(wholeNumberText).optional(),
});

const emptyElement = z.literal('').transform(() => ({}));

const filter = z.union([
  emptyElement,
  z.strictObject({ And: single(bounds) }).transform(({ And }) => And),
  bounds,
]);

const days = wholeNumberText.pipe(z.int().positive());

const rule = z
  .strictObject({
    ID: single(z.string()).optional(),
    Status: single(z.enum(['Enabled', 'Disabled'])),
    Prefix: single(z.string()).optional(),
    Filter: single(filter).optional(),
    Expiration: single(
      z.union([
        z.strictObject({ Days: single(days) }),
        z.strictObject({ Date: single(z.iso.datetime({ offset: true })) }),
      ]),
    ).optional(),
    AbortIncompleteMultipartUpload: single(
      z.strictObject({ DaysAfterInitiation: single(days) }),
    ).optional(),
    NoncurrentVersionExpiration: single(z.unknown()).optional(),
  })
  .transform((given): LifecycleRule => {
    const within: Partial<z.infer<typeof bounds>> = given.Filter ?? {};
    const expiration = given.Expiration;
    return {
      id: given.ID ?? generatedRuleId(given),
      isEnabled: given.Status === 'Enabled',
      prefix: within.Prefix ?? given.Prefix ?? '',
      largerThanBytes: within.ObjectSizeGreaterThan,
      smallerThanBytes: within.ObjectSizeLessThan,
      expirationDays: expiration && 'Days' in expiration ? expiration.Days : undefined,
      expirationDateMs:
        expiration && 'Date' in expiration ? Date.parse(expiration.Date) : undefined,
      abortUploadsAfterDays: given.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    };
  });

const configuration = z.strictObject({
  LifecycleConfiguration: single(z.strictObject({ Rule: z.array(rule).min(1).max(1000) })),
});

/**
 * Reads a lifecycle configuration as PutBucketLifecycleConfiguration has it.
 *
 * @throws {ServiceFault} `MalformedXML`, also for transitions and tags, which are not served here.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export function parseLifecycle(document: string): LifecycleRule[] {
  const parsed = configuration.safeParse(parseXml(document));
  if (!parsed.success) throw malformedXml(parsed.error);
  return parsed.data.LifecycleConfiguration.Rule;
}

/** Gives the elements of a lifecycle configuration as GetBucketLifecycleConfiguration answers. */
export function lifecycleElements(rules: readonly LifecycleRule[]): XmlElements {
  return { Rule: rules.map(ruleElements) };
}

function ruleElements(given: LifecycleRule): XmlElements {
  const { largerThanBytes, smallerThanBytes, expirationDays, expirationDateMs } = given;
  const isBySize = largerThanBytes !== undefined || smallerThanBytes !== undefined;
  const within = {
    Prefix: given.prefix,
    ObjectSizeGreaterThan: largerThanBytes,
    ObjectSizeLessThan: smallerThanBytes,
  };
  const expires = expirationDays !== undefined || expirationDateMs !== undefined;
  return {
    ID: given.id,
    Filter: isBySize ? { And: within } : { Prefix: given.prefix },
    Status: given.isEnabled ? 'Enabled' : 'Disabled',
    Expiration: expires
      ? {
          Days: expirationDays,
          Date:
            expirationDateMs === undefined ? undefined : new Date(expirationDateMs).toISOString(),
        }
      : undefined,
    AbortIncompleteMultipartUpload:
      given.abortUploadsAfterDays === undefined
        ? undefined
        : { DaysAfterInitiation: given.abortUploadsAfterDays },
  };
}

/** Names a rule that was given without a name, the same at each start. */
export function generatedRuleId(given: unknown): string {
  return createHash('sha256').update(JSON.stringify(given)).digest('base64url').slice(0, 24);
}

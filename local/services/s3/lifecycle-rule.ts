import * as z from 'zod';

/** When objects and uploads of a bucket end, by S3's lifecycle configuration. */
export const lifecycleRule = z.strictObject({
  id: z.string(),
  isEnabled: z.boolean(),
  prefix: z.string(),
  /** Exclusive bounds on an object's size. */
  largerThanBytes: z.int().optional(),
  smallerThanBytes: z.int().optional(),
  expirationDays: z.int().positive().optional(),
  expirationDateMs: z.int().optional(),
  abortUploadsAfterDays: z.int().positive().optional(),
});
export type LifecycleRule = z.infer<typeof lifecycleRule>;

/** When something ends, and the rule that says so. */
export interface Due {
  readonly atMs: number;
  readonly ruleId: string;
}

const DAY_MS = 86_400_000;

/**
 * Finds when an object expires: the earliest of all rules that apply to it.
 *
 * A number of days is added to the creation, and the sum rounded up to the next midnight UTC.
 *
 * @returns `undefined` when no rule expires it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function objectDue(
  rules: readonly LifecycleRule[],
  object: { readonly key: string; readonly bytes: number; readonly lastModifiedMs: number },
): Due | undefined {
  const dues = rules
    .filter((rule) => rule.isEnabled && object.key.startsWith(rule.prefix))
    .filter(
      (rule) =>
        object.bytes > (rule.largerThanBytes ?? -1) &&
        object.bytes < (rule.smallerThanBytes ?? Number.POSITIVE_INFINITY),
    )
    .flatMap(({ id, expirationDays, expirationDateMs }) => [
      ...(expirationDays === undefined
        ? []
        : [{ ruleId: id, atMs: midnightAfter(object.lastModifiedMs, expirationDays) }]),
      ...(expirationDateMs === undefined ? [] : [{ ruleId: id, atMs: expirationDateMs }]),
    ]);
  return earliest(dues);
}

/** Finds when an unfinished multipart upload is aborted, as {@link objectDue} does for objects. */
export function uploadDue(
  rules: readonly LifecycleRule[],
  upload: { readonly key: string; readonly initiatedAtMs: number },
): Due | undefined {
  const dues = rules
    .filter((rule) => rule.isEnabled && upload.key.startsWith(rule.prefix))
    .flatMap(({ id, abortUploadsAfterDays: days }) =>
      days === undefined ? [] : [{ ruleId: id, atMs: midnightAfter(upload.initiatedAtMs, days) }],
    );
  return earliest(dues);
}

function midnightAfter(epochMs: number, days: number): number {
  return Math.ceil((epochMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

function earliest(dues: readonly Due[]): Due | undefined {
  return dues.reduce<Due | undefined>(
    (least, due) => (least === undefined || due.atMs < least.atMs ? due : least),
    undefined,
  );
}

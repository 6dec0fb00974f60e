import { hasTag } from '#shared/domain/job/job-tags.ts';

/** What a budget can limit. */
export const MEASURES = ['storedBytes', 'microdollars'] as const;

export type Measure = (typeof MEASURES)[number];

/** What a schedule comes to once as much leaves as comes, by each measure: whole bytes, and whole millionths of a dollar in a month. */
export type Weight = Readonly<Record<Measure, number>>;

/** What becomes of a schedule that would pass a budget. */
export const WHEN_EXCEEDED = ['warn', 'refuse'] as const;

/** A limit for what all schedules together may come to, or those that have a tag. */
export interface Budget {
  /** `stack`, or a tag as `tag:team:sales`. */
  readonly scope: string;
  readonly measure: Measure;
  /** More than 0. */
  readonly limit: number;
  readonly onExceeded: (typeof WHEN_EXCEEDED)[number];
}

/** What of the budgets a schedule takes, as it stands in its definition; the ledgers are the sums of these. */
export interface Share extends Weight {
  /** In whose ledgers it is counted. */
  readonly scopes: readonly string[];
  /** Goes on by one with each write of it: whoever writes it does so on condition of the one that was read. */
  readonly version: number;
}

/** The scope that every schedule is in. */
export const STACK_SCOPE = 'stack';

const TAG_PREFIX = 'tag:';

/** Names the scope of a tag. */
export function scopeOfTag(tag: string): string {
  return `${TAG_PREFIX}${tag}`;
}

/** Picks the budgets that a schedule is in, by its metadata. */
export function budgetsOver(
  metadata: Readonly<Record<string, unknown>>,
  budgets: readonly Budget[],
): readonly Budget[] {
  return budgets.filter(
    ({ scope }) => scope === STACK_SCOPE || hasTag(metadata, scope.slice(TAG_PREFIX.length)),
  );
}

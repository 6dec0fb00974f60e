import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobFilter } from '#shared/domain/job/job-filter.ts';
import { INDEXES, IS_CHANGED, TAGS } from '#shared/domain/job/job-index.ts';
import { tagFragment } from '#shared/domain/job/job-tags.ts';

/** A filter as DynamoDB takes it; names are aliased, since several are its reserved words. */
export interface Conditions {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One condition: `{}` stands for the attribute, or for one of its members, and each `?` for a value. */
interface Condition {
  readonly text: string;
  readonly attribute: string;
  readonly member?: string;
  readonly values: readonly unknown[];
}

/**
 * Writes a filter of jobs, for the table and its indexes alike, that leaves out what has expired.
 *
 * DynamoDB deletes days after the expiry, so a filter has to; a job that still runs has no expiry.
 */
export function jobConditions(filter: JobFilter, now: EpochSeconds): Conditions {
  const conditions = conditionsOf(filter, now);
  return {
    expression: conditions.map(wordCondition).join(' AND '),
    names: Object.assign({}, ...conditions.map(namesOf)),
    values: Object.fromEntries(
      conditions.flatMap(({ values }, at) =>
        values.map((value, which) => [placeholder(at, which), value]),
      ),
    ),
  };
}

function conditionsOf(filter: JobFilter, now: EpochSeconds): readonly Condition[] {
  const { outcomes, task, tag, resultState, changed, expiringBefore } = filter;
  return [
    {
      attribute: 'expiresAt',
      text: '(attribute_not_exists({}) OR {} > ?)',
      values: [now],
    },
    ...whereSaid(outcomes, (all) => ({
      attribute: 'outcome',
      text: `{} IN (${all.map(() => '?').join(', ')})`,
      values: all,
    })),
    ...whereSaid(task, (value) => ({ attribute: 'task', text: '{} = ?', values: [value] })),
    ...whereSaid(tag, (value) => ({
      attribute: TAGS,
      text: 'contains({}, ?)',
      values: [tagFragment(value)],
    })),
    ...whereSaid(resultState, (value) => ({
      attribute: 'resultState',
      text: '{} = ?',
      values: [value],
    })),
    ...whereSaid(changed, changeCondition),
    ...within('durationMs', filter.minDurationMs, filter.maxDurationMs),
    ...within('resultBytes', filter.minResultBytes, filter.maxResultBytes),
    ...(filter.where ?? []).map(({ name, comparison, value }) => ({
      attribute: INDEXES,
      member: name,
      text: comparison === '!=' ? '(attribute_exists({}) AND {} <> ?)' : `{} ${comparison} ?`,
      values: [value],
    })),
    ...whereSaid(expiringBefore, (instant) => ({
      attribute: 'resultExpiresAt',
      text: '({} > ? AND {} < ?)',
      values: [now, instant],
    })),
  ];
}

/** What was compared is either marked as changed, or has the state of what was not. */
function changeCondition(isChanged: boolean): Condition {
  return isChanged
    ? { attribute: IS_CHANGED, text: '{} = ?', values: [true] }
    : { attribute: 'resultState', text: '{} = ?', values: ['unchanged'] };
}

function within(
  attribute: string,
  min: number | undefined,
  max: number | undefined,
): readonly Condition[] {
  return [
    ...whereSaid(min, (value) => ({ attribute, text: '{} >= ?', values: [value] })),
    ...whereSaid(max, (value) => ({ attribute, text: '{} <= ?', values: [value] })),
  ];
}

function whereSaid<Value>(
  value: Value | undefined,
  condition: (value: Value) => Condition,
): readonly Condition[] {
  return value === undefined ? [] : [condition(value)];
}

/** A member may be called as an attribute is, so its alias is another. */
function namesOf({ attribute, member }: Condition): Readonly<Record<string, string>> {
  return {
    [`#${attribute}`]: attribute,
    ...(member !== undefined && { [`#member_${member}`]: member }),
  };
}

function wordCondition({ text, attribute, member }: Condition, at: number): string {
  const path = member === undefined ? `#${attribute}` : `#${attribute}.#member_${member}`;
  let which = -1;
  return text.replaceAll('{}', path).replaceAll('?', () => {
    which += 1;
    return placeholder(at, which);
  });
}

function placeholder(condition: number, which: number): string {
  return `:filter${condition}_${which}`;
}

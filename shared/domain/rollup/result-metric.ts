import { INDEX_NAME_PATTERN, LONGEST_INDEX_PATH } from '#shared/domain/result/index-value.ts';
import { isKeptNumber } from '#shared/domain/result/kept-number.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** A number that each result of a schedule is measured by: a JMESPath, and what its numbers are called. */
export interface ResultMetric {
  readonly name: string;
  readonly path: string;
}

/** What a result came to by its schedule's metrics, as its job's row carries it to the rollups. */
export interface MeasuredResult {
  /** By name; a metric that found no number is not in it, and at least one is. */
  readonly values: Readonly<Record<string, number>>;
  /** How long the rollups are kept that it is counted in; absent: {@link DEFAULT_METRICS_EXPIRATION_SECONDS}. */
  readonly keptSeconds?: number;
}

/** The names that metrics may have are those of indexes. */
export const METRIC_NAME_PATTERN = INDEX_NAME_PATTERN;

/** A longer path is refused, as every start carries it. */
export const LONGEST_METRIC_PATH = LONGEST_INDEX_PATH;

/** A schedule may declare so many: all are in one item for each hour and day. */
export const MOST_METRICS = 5;

/** Rollups are kept for so long after the last job that they count: a year, and a month to compare it with the one before. */
export const DEFAULT_METRICS_EXPIRATION_SECONDS = 400 * DAY_SECONDS;

/**
 * The least: a stream delivers a change again for up to a day, and only an item that is still there can tell that it has been counted.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export const SHORTEST_METRICS_EXPIRATION_SECONDS = DAY_SECONDS;

/** Brings what a path found into the form in which it is counted; `undefined` where that is no number, or one that no table holds exactly. */
export function metricValueOf(found: unknown): number | undefined {
  // The sum makes a zero of the negative zero that JSON knows and no table does.
  return isKeptNumber(found) ? found + 0 : undefined;
}

/** Tells whether a value can be a schedule's metrics, whatever their paths say. */
export function areResultMetrics(value: unknown): value is readonly ResultMetric[] {
  return Array.isArray(value) && value.length <= MOST_METRICS && value.every(isResultMetric);
}

function isResultMetric(value: unknown): value is ResultMetric {
  const { name, path }: Readonly<Record<string, unknown>> = Object(value);
  return (
    typeof name === 'string' &&
    METRIC_NAME_PATTERN.test(name) &&
    typeof path === 'string' &&
    path.length <= LONGEST_METRIC_PATH
  );
}

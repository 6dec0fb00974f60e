/** How one field of a cron trigger is read. */
export interface FieldShape {
  /** As it stands in sentences: `hour`. */
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Three-letter names of values, the first for `namesFrom`. */
  readonly names?: readonly string[];
  readonly namesFrom?: number;
  /** The number of values of a field that goes round, as weekdays do: `fri-mon` is no mistake then. */
  readonly cycle?: number;
  /** What `*` stands for, where that is not `first` to `last`. */
  readonly star?: readonly [first: number, last: number];
  /** Further forms that the caller reads itself, for the sentence: ` or L`. */
  readonly others?: string;
}

/** Takes a sentence about what is wrong. */
export type Report = (detail: string) => void;

/** Takes a sentence about a field, counted from 1; 0 for the expression as a whole. */
export type ReportField = (position: number, detail: string) => void;

const MONTH_NAMES = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
export const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const SECOND: FieldShape = { name: 'second', first: 0, last: 59 };
export const MINUTE: FieldShape = { name: 'minute', first: 0, last: 59 };
export const HOUR: FieldShape = { name: 'hour', first: 0, last: 23 };
export const MONTH: FieldShape = {
  name: 'month',
  first: 1,
  last: 12,
  names: MONTH_NAMES,
  namesFrom: 1,
};

const ITEM = /^(?:(\*)|([a-z]{3}|\d{1,4})(?:-([a-z]{3}|\d{1,4}))?)(?:\/(\d{1,4}))?$/i;

/** A part of a field as it was written: the values `first`, `first + step`, … up to `last`. */
export interface FieldRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/**
 * Reads a comma-separated field: `*`, `5`, `mon`, `9-17`, each also with a step; `5/15` runs from 5 to the maximum.
 *
 * @returns The ranges as written; in a field that goes round a range may end past `last`. `undefined` after a report.
 */
export function readRanges(
  text: string,
  shape: FieldShape,
  report: Report,
): readonly FieldRange[] | undefined {
  const ranges: FieldRange[] = [];
  for (const item of text.split(',')) {
    const range = readRange(item.trim(), shape, report);
    if (!range) return undefined;
    ranges.push(range);
  }
  return ranges;
}

/** Reads a field as {@link readRanges} does, and lists its values, sorted and without repeats. */
export function readValues(
  text: string,
  shape: FieldShape,
  report: Report,
): readonly number[] | undefined {
  const ranges = readRanges(text, shape, report);
  return ranges && valuesOf(ranges);
}

/** Lists what ranges hold, sorted and without repeats. */
export function valuesOf(ranges: readonly FieldRange[]): readonly number[] {
  const values = new Set<number>();
  for (const { first, last, step } of ranges)
    for (let value = first; value <= last; value += step) values.add(value);
  return [...values].sort((one, other) => one - other);
}

/** Says what a field takes: `0 to 23`, `1 to 12 or jan to dec`. */
function ruleOf({ first, last, names, others = '' }: FieldShape): string {
  const named = names ? ` or ${names[0]} to ${names.at(-1)}` : '';
  return `${first} to ${last}${named}${others}`;
}

function readRange(item: string, shape: FieldShape, report: Report): FieldRange | undefined {
  const match = ITEM.exec(item);
  if (!match) {
    report(`Expected the ${shape.name} field to be ${ruleOf(shape)}, got \`${item}\``);
    return undefined;
  }
  const [, star, firstText, lastText, stepText] = match;
  const bounds = star
    ? (shape.star ?? [shape.first, shape.last])
    : readBounds({ firstText, lastText, isOpen: stepText !== undefined }, shape, report);
  if (!bounds) return undefined;
  const [first, last] = bounds;
  const step = Number(stepText ?? 1);
  const isOpen = lastText === undefined && !star;
  const largestStep = isOpen ? shape.last - shape.first : Math.max(last - first, 1);
  if (step >= 1 && step <= largestStep) return { first, last, step };
  report(
    `Expected the step of the ${shape.name} field to be 1 to ${largestStep} in \`${item}\`, got \`${step}\``,
  );
  return undefined;
}

function readBounds(
  texts: { firstText: string | undefined; lastText: string | undefined; isOpen: boolean },
  shape: FieldShape,
  report: Report,
): readonly [number, number] | undefined {
  const first = readValue(texts.firstText ?? '', shape, report);
  if (first === undefined) return undefined;
  if (texts.lastText === undefined) return [first, texts.isOpen ? shape.last : first];
  const last = readValue(texts.lastText, shape, report);
  if (last === undefined) return undefined;
  if (last >= first) return [first, last];
  if (shape.cycle !== undefined) return [first, last + shape.cycle];
  report(
    `Expected the ${shape.name} field to have ranges that go upward, got \`${texts.firstText}-${texts.lastText}\``,
  );
  return undefined;
}

function readValue(text: string, shape: FieldShape, report: Report): number | undefined {
  const named = shape.names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named === -1 ? Number(text) : named + (shape.namesFrom ?? 0);
  if (value >= shape.first && value <= shape.last) return value;
  report(`Expected the ${shape.name} field to be ${ruleOf(shape)}, got \`${text}\``);
  return undefined;
}

import fc from 'fast-check';

/** One field of a crontab line, as text and as the values that it stands for. */
interface AnyField {
  readonly text: string;
  readonly values: readonly number[];
}

/** A crontab line, and by other means than the engine's what it matches. */
export interface AnyCrontab {
  readonly expression: string;
  /** Tells whether a wall-clock minute matches; its parts are read in UTC from the given seconds. */
  matches(wallSeconds: number): boolean;
}

/** Crontab lines of all forms, dense enough that most fire within days. */
export function anyCrontab(): fc.Arbitrary<AnyCrontab> {
  const weekday = fc.oneof(
    { weight: 3, arbitrary: star(0, 6) },
    { weight: 1, arbitrary: anyField(0, 6) },
  );
  const day = fc.oneof(
    { weight: 3, arbitrary: star(1, 31) },
    { weight: 1, arbitrary: anyField(1, 31) },
  );
  const month = fc.oneof(
    { weight: 5, arbitrary: star(1, 12) },
    { weight: 1, arbitrary: anyField(1, 12) },
  );
  return fc.tuple(anyField(0, 59), anyField(0, 23), day, month, weekday).map((fields) => ({
    expression: fields.map(({ text }) => text).join(' '),
    matches: matcher(fields),
  }));
}

function matcher(
  fields: readonly [AnyField, AnyField, AnyField, AnyField, AnyField],
): (wallSeconds: number) => boolean {
  const [minute, hour, day, month, weekday] = fields;
  return (wallSeconds) => {
    const date = new Date(wallSeconds * 1000);
    const inMonth = day.values.includes(date.getUTCDate());
    const inWeek = weekday.values.includes(date.getUTCDay());
    const isEither = !day.text.includes('*') && !weekday.text.includes('*');
    return (
      minute.values.includes(date.getUTCMinutes()) &&
      hour.values.includes(date.getUTCHours()) &&
      month.values.includes(date.getUTCMonth() + 1) &&
      (isEither ? inMonth || inWeek : inMonth && inWeek)
    );
  };
}

function star(first: number, last: number): fc.Arbitrary<AnyField> {
  return fc.constant({ text: '*', values: steps(first, last, 1) });
}

function anyField(first: number, last: number): fc.Arbitrary<AnyField> {
  const value = fc.integer({ min: first, max: last });
  const single = value.map((each) => ({ text: `${each}`, values: [each] }));
  const every = fc
    .integer({ min: 1, max: last - first })
    .map((step) => ({ text: `*/${step}`, values: steps(first, last, step) }));
  const range = fc
    .tuple(value, value, fc.integer({ min: 1, max: 5 }))
    .filter(([one, other, step]) => step <= Math.abs(other - one))
    .map(([one, other, step]) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      return { text: `${from}-${to}/${step}`, values: steps(from, to, step) };
    });
  const item = fc.oneof(single, range);
  const list = fc.array(item, { minLength: 2, maxLength: 3 }).map((items) => ({
    text: items.map(({ text }) => text).join(','),
    values: items.flatMap(({ values }) => values),
  }));
  return fc.oneof(star(first, last), single, every, range, list);
}

function steps(first: number, last: number, step: number): readonly number[] {
  return Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_, index) => first + index * step,
  );
}

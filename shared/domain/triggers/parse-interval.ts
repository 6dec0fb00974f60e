import { parseDuration } from '#shared/domain/duration.ts';
import { RECURRENCE_FIELDS, readRecurrence } from './recurrence.ts';
import type { IntervalTrigger } from './trigger.ts';
import { addExpectation, type Reading, refuseOtherFields } from './trigger-json.ts';

/** A hundred years: longer would leave a single fire time. */
const LONGEST_INTERVAL_SECONDS = 3_155_760_000;

/**
 * Reads `{kind: 'interval', every}`.
 *
 * It counts from `startAt`, else from the context's anchor. Its zone says only how `startAt` and `exclude` are read.
 */
export function parseInterval(reading: Reading): IntervalTrigger | undefined {
  refuseOtherFields(reading, ['kind', 'every', ...RECURRENCE_FIELDS]);
  const recurrence = readRecurrence(reading);
  const everySeconds = parseDuration(reading.json['every']) ?? 0;
  if (everySeconds < 1 || everySeconds > LONGEST_INTERVAL_SECONDS) {
    addExpectation(
      reading,
      'every',
      'a length of time such as `PT15M`, `90s` or a number of whole seconds, above 0 and at most 100 years',
    );
    return undefined;
  }
  if (!recurrence) return undefined;
  const anchorAt = recurrence.startAt ?? reading.context.anchorAt ?? 0;
  return { kind: 'interval', ...recurrence, everySeconds, anchorAt };
}

import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/job/outcome.ts';
import type { AfterTrigger } from './trigger.ts';
import { addExpectation, addFault, type Reading, refuseOtherFields } from './trigger-json.ts';

/** Stands for all of {@link OUTCOMES}. */
const ANY = 'any';

const DEFAULT_OUTCOME: Outcome = 'success';

/** Reads `{kind: 'after', schedule, outcome}`, which stands alone: it has no fire times that could be combined with others'. */
export function parseAfter(reading: Reading): AfterTrigger | undefined {
  refuseOtherFields(reading, ['kind', 'schedule', 'outcome']);
  if (reading.around.length > 0) {
    const detail = `Expected \`${reading.around.at(-1)}\` to hold triggers with fire times of their own, got an \`after\``;
    addFault(reading, '', { detail });
  }
  const { schedule } = reading.json;
  const outcomes = readOutcomes(reading);
  if (typeof schedule !== 'string' || !ID_PATTERN.test(schedule)) {
    addExpectation(reading, 'schedule', `the id of a schedule, like ${ID_PATTERN}`);
    return undefined;
  }
  return outcomes && { kind: 'after', schedule, outcomes };
}

function readOutcomes(reading: Reading): readonly Outcome[] | undefined {
  const { outcome = DEFAULT_OUTCOME } = reading.json;
  if (outcome === ANY) return OUTCOMES;
  const listed: readonly unknown[] = Array.isArray(outcome) ? outcome : [outcome];
  const known = OUTCOMES.filter((each) => listed.includes(each));
  if (known.length > 0 && known.length === listed.length) return known;
  addExpectation(
    reading,
    'outcome',
    `\`${ANY}\`, one of ${OUTCOMES.join(', ')}, or a list of these without repeats`,
  );
  return undefined;
}

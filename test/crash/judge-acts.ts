import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { type Evidence, type Expectation, findViolations } from './find-violations.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { type Act, type Disturbed, performActs, runAfterwards } from './perform-acts.ts';
import { describePoint } from './points-of.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What acts have come to. */
export interface Judged {
  /** Sentences, each with what had gone wrong before. */
  readonly violations: readonly string[];
  readonly disturbed: readonly Disturbed[];
}

/**
 * Plays acts, looks at what each has left behind, and finds what it has broken.
 *
 * @param calmOf - Gives what a calm play of an act's scenario has left.
 */
export async function judgeActs(
  acts: readonly Act[],
  calmOf: (scenario: Scenario) => Evidence,
  stage: Stage,
): Promise<Judged> {
  const disturbedOf = await performActs(acts, stage);
  const ranAt = await runAfterwards(acts, stage);
  const evidence = await gatherEvidence(acts, stage);
  const disturbed = acts.map(disturbedOf);
  const violations = acts.flatMap((act, index) => {
    const found = evidence[index];
    if (!found) return [];
    const expected = { ...leftOf(act, ranAt), ...endsOf(act, calmOf(act.scenario)) };
    const { isDisturbed = false } = disturbed[index] ?? {};
    const about = act.points.map(describePoint).join('; ');
    return findViolations({ ...found, isDisturbed }, expected).map(
      (what) => `${about} (${act.id}): ${what}`,
    );
  });
  return { violations, disturbed };
}

/** Where a scenario's attempts are enough for one disturbance, several may use them up. */
function endsOf(
  { scenario, points }: Act,
  calm: Evidence,
): Pick<Expectation, 'outcomes' | 'attempts'> {
  const outcomes = calm.jobs.flatMap(({ outcome }) => outcome ?? []);
  const [first, ...others] = points;
  if (first?.disturbance.isRiddenOut && others.length === 0)
    return { outcomes, attempts: calm.jobs.map(({ attempt }) => attempt) };
  const ends = [...outcomes, ...scenario.outcomes];
  return { outcomes: others.length === 0 ? ends : [...ends, 'abandoned'] };
}

/** Says what has to lie there after an act, whatever went wrong in it. */
export function leftOf(
  { firstAt, scenario }: Act,
  ranAt: EpochSeconds | undefined,
): Pick<Expectation, 'fireTimes' | 'expired' | 'isMeasured' | 'keptSeconds' | 'unhindered'> {
  const { firings, dependent, isExpired, isRunAfterwards, backdatedToDays } = scenario;
  const isMeasured = scenario.isMeasured === true;
  if (isExpired) return { fireTimes: [], expired: firings.length };
  const own = firings.map((seconds) => toIso(firstAt + seconds));
  // A job that comes after another has its fire time.
  const fireTimes = dependent ? [...own, ...own] : own;
  if (backdatedToDays !== undefined)
    return { fireTimes, isMeasured, keptSeconds: backdatedToDays * 86_400 };
  if (ranAt === undefined || !isRunAfterwards) return { fireTimes, isMeasured };
  return { isMeasured, fireTimes: [...fireTimes, toIso(ranAt)], unhindered: toIso(ranAt) };
}

import { type Evidence, findViolations } from './find-violations.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { leftOf } from './judge-acts.ts';
import { type Act, performActs, runAfterwards } from './perform-acts.ts';
import { paceOf, slugOf } from './place-acts.ts';
import { type NthCall, numbered } from './points-of.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What the playing of a scenario comes to where nothing goes wrong. */
export interface CalmPlay {
  readonly act: Act;
  /** What its actors call on the way. */
  readonly calls: readonly NthCall[];
  readonly evidence: Evidence;
  readonly violations: readonly string[];
}

/** Plays scenarios beside each other, without a disturbance but for what they give, to learn their calls and their ends. */
export async function playCalmly(
  scenarios: readonly Scenario[],
  stage: Stage,
): Promise<readonly CalmPlay[]> {
  const acts = placeCalmly(scenarios, stage);
  const records = acts.map((act) => recordCalls(act, stage));
  const disturbedOf = await performActs(acts, stage);
  for (const { stop } of records) stop();
  const ranAt = await runAfterwards(acts, stage);
  const found = await gatherEvidence(acts, stage);
  return acts.map((act, index) => {
    const [left, calls = []] = [found[index], records[index]?.calls];
    if (!left) throw new Error('Expected to learn of each act that was played.');
    const evidence = { ...left, isDisturbed: disturbedOf(act).isDisturbed };
    const expected = { ...leftOf(act, ranAt), outcomes: ['success', 'skipped'] as const };
    const unseen = calls.length === 0 ? ['none of its actors makes a call'] : [];
    const violations = [...unseen, ...findViolations(evidence, expected)];
    return {
      act,
      calls: numbered(calls),
      evidence,
      violations: violations.map((what) => `${act.id}: ${what}`),
    };
  });
}

/** One after the other: what a function has of another's in hand would be among its calls. */
function placeCalmly(scenarios: readonly Scenario[], { play }: Stage): readonly Act[] {
  let firstAt = play.cloud.clock.now();
  return scenarios.map((scenario, index) => {
    const { beforeSeconds, apartSeconds } = paceOf(scenario);
    firstAt += index === 0 ? beforeSeconds : apartSeconds;
    return { scenario, id: `${slugOf(scenario)}-calm`, firstAt, points: [] };
  });
}

function recordCalls({ id, firstAt, scenario }: Act, { play, functionOf }: Stage) {
  const { clock, requests } = play.cloud;
  const names = new Set(scenario.actors.map(functionOf));
  const { disturbedForSeconds } = scenario;
  const isDisturbable = () => {
    const seconds = clock.now() - firstAt;
    return disturbedForSeconds === undefined || (seconds >= 0 && seconds <= disturbedForSeconds);
  };
  const calls: NthCall[] = [];
  const stop = requests.subscribe((call) => {
    if (names.has(call.caller) && call.mentions(id) && isDisturbable())
      calls.push({ ...call, nth: 0 });
  });
  return { calls, stop };
}

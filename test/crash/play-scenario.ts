import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Row } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';
import { auditBucket } from './audit-bucket.ts';
import { type Evidence, type Expectation, findViolations } from './find-violations.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { type Act, performActs, runAfterwards, schedulesOf } from './perform-acts.ts';
import { describePoint, type NthCall, numbered, type Point } from './points-of.ts';
import { DEFAULT_PACE, type Scenario } from './scenario.ts';
import { openStage, type Stage } from './stage.ts';

/** What the playing of a scenario came to. */
export interface Report {
  readonly scenario: string;
  /** How many calls its actors make when nothing goes wrong. */
  readonly calls: number;
  readonly pointsTried: number;
  /** Sentences, each with the point that it is about. */
  readonly violations: readonly string[];
  readonly seconds: number;
}

/** Past the longest that a result of a day, or an end without its row, may lie in the bucket, and that a backfill can be looked at. */
const FOR_GOOD_SECONDS = 32 * 86_400;

/**
 * Plays a scenario once calmly, to learn its calls, and then once for each chosen point, and looks at what is left each time; then it
 * has the bucket audited, and in the end it deletes all schedules, and nothing may remain.
 *
 * @param choose - Picks the points out of the calls.
 */
export async function playScenario(
  scenario: Scenario,
  assembly: string,
  choose: (calls: readonly NthCall[]) => readonly Point[],
): Promise<Report> {
  const began = performance.now();
  await using stage = await openStage(assembly);
  const calm = await playCalmly(scenario, stage);
  const points = choose(calm.calls);
  const acts = scheduleActs(scenario, points, stage);
  const isDisturbed = await performActs(scenario, acts, stage);
  const ranAt = await runAfterwards(scenario, acts, stage);
  const evidence = await gatherEvidence(scenario, acts, stage);
  const violations = acts.flatMap((act, index) => {
    const { point } = act;
    const found = evidence[index];
    if (!point || !found) return [];
    const left = leftOf(scenario, act, ranAt);
    const expected = { ...left, ...endsOf(scenario, act, calm.evidence) };
    return findViolations({ ...found, isDisturbed: isDisturbed(act) }, expected).map(
      (what) => `${describePoint(point)}: ${what}`,
    );
  });
  const audited = await auditBucket(stage.play);
  const played = [...acts, calm.act].flatMap((act) => schedulesOf(scenario, act));
  const remains = await remainsOf(played, stage);
  return {
    scenario: scenario.name,
    calls: calm.calls.length,
    pointsTried: points.length,
    violations: [...calm.violations, ...violations, ...audited, ...remains],
    seconds: (performance.now() - began) / 1_000,
  };
}

interface CalmPlay {
  readonly act: Act;
  readonly calls: readonly NthCall[];
  readonly evidence: Evidence;
  readonly violations: readonly string[];
}

async function playCalmly(scenario: Scenario, stage: Stage): Promise<CalmPlay> {
  const { cloud } = stage.play;
  const { beforeSeconds } = scenario.pace ?? DEFAULT_PACE;
  const act = { id: `${slugOf(scenario)}-calm`, firstAt: cloud.clock.now() + beforeSeconds };
  const names = new Set(scenario.actors.map(stage.functionOf));
  const { disturbedForSeconds } = scenario;
  const isDisturbable = () => {
    const seconds = cloud.clock.now() - act.firstAt;
    return disturbedForSeconds === undefined || (seconds >= 0 && seconds <= disturbedForSeconds);
  };
  const calls: NthCall[] = [];
  const stop = cloud.requests.subscribe((call) => {
    if (names.has(call.caller) && call.mentions(act.id) && isDisturbable())
      calls.push({ ...call, nth: 0 });
  });
  const isDisturbed = await performActs(scenario, [act], stage);
  stop();
  const ranAt = await runAfterwards(scenario, [act], stage);
  const [found] = await gatherEvidence(scenario, [act], stage);
  if (!found) throw new Error('Expected to learn of the act that was played.');
  const evidence = { ...found, isDisturbed: isDisturbed(act) };
  const violations = findViolations(evidence, {
    ...leftOf(scenario, act, ranAt),
    outcomes: ['success', 'skipped'],
  });
  const unseen = calls.length === 0 ? ['none of its actors makes a call'] : [];
  return {
    act,
    calls: numbered(calls),
    evidence,
    violations: [...unseen, ...violations].map((what) => `calm: ${what}`),
  };
}

/**
 * Acts whose actor is given one of them at a time are played all at once; others apart, so that a process that is killed for one act has
 * no other in hand.
 */
function scheduleActs(
  scenario: Scenario,
  points: readonly Point[],
  { play, functionOf }: Stage,
): readonly Act[] {
  const alone = new Set(
    (['task', 'AdvanceSchedule', 'RunBackdating', 'RunBackfill'] as const).map((actor) =>
      functionOf(actor),
    ),
  );
  const { beforeSeconds, apartSeconds } = scenario.pace ?? DEFAULT_PACE;
  const begin = Math.ceil((play.cloud.clock.now() + beforeSeconds) / 60) * 60;
  let apart = 0;
  return points.map((point, index) => {
    if (!alone.has(point.call.caller)) apart += 1;
    const later = alone.has(point.call.caller) ? 0 : apart * apartSeconds;
    const id = `${slugOf(scenario)}-${String(index).padStart(4, '0')}`;
    return { id, firstAt: begin + later, point };
  });
}

function endsOf(
  scenario: Scenario,
  act: Act,
  calm: Evidence,
): Pick<Expectation, 'outcomes' | 'attempts'> {
  const outcomes = calm.jobs.flatMap(({ outcome }) => outcome ?? []);
  return act.point?.disturbance.isRiddenOut
    ? { outcomes, attempts: calm.jobs.map(({ attempt }) => attempt) }
    : { outcomes: [...outcomes, ...scenario.outcomes] };
}

function leftOf(
  { firings, dependent, isExpired, backdatedToDays, ...scenario }: Scenario,
  { firstAt }: Act,
  ranAt: EpochSeconds | undefined,
): Pick<Expectation, 'fireTimes' | 'expired' | 'isMeasured' | 'keptSeconds' | 'unhindered'> {
  const isMeasured = scenario.isMeasured === true;
  if (isExpired) return { fireTimes: [], expired: firings.length };
  const own = firings.map((seconds) => toIso(firstAt + seconds));
  // A job that comes after another has its fire time.
  const fireTimes = dependent ? [...own, ...own] : own;
  if (backdatedToDays !== undefined)
    return { fireTimes, isMeasured, keptSeconds: backdatedToDays * 86_400 };
  if (ranAt === undefined) return { fireTimes, isMeasured };
  return { isMeasured, fireTimes: [...fireTimes, toIso(ranAt)], unhindered: toIso(ranAt) };
}

/** Deletes every schedule, lets everything expire, and lists what is still there. */
async function remainsOf(ids: readonly string[], stage: Stage): Promise<readonly string[]> {
  const { api, cloud, objectsBelow, rowsOf } = stage.play;
  await stopSweeps(stage.play);
  for (const id of ids) await api.request('DELETE', `/v1/schedules/${id}`);
  await cloud.clock.advanceBy(FOR_GOOD_SECONDS);
  const rows: Row[] = [];
  for (const id of ids)
    rows.push(
      ...(await rowsOf(id)),
      ...(await rowsOf(`slot:${id}`)),
      ...(await rowsOf(id, 'schedules')),
    );
  const left = [
    ...rows.map(({ scheduleId, fireTime, part }) => `${scheduleId} ${fireTime ?? part}`),
    ...(await objectsBelow('')),
    ...(await stage.messages()),
  ];
  return left.map((what) => `for good: ${what} remains`);
}

function slugOf({ name }: Scenario): string {
  return name.replaceAll(' ', '-');
}

import { fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { GRAINS, type Grain } from '#shared/domain/rollup/rollup-part.ts';

/** What a play has left behind, long after it. */
export interface Evidence {
  /** Every job of the schedule, expired ones included. */
  readonly jobs: readonly Job[];
  /** Each time that the task's code was run. */
  readonly runs: readonly Run[];
  /** The keys of the bucket's objects that name the schedule. */
  readonly objects: readonly string[];
  /** The bodies of messages that still lie in a queue and name the schedule. */
  readonly messages: readonly string[];
  /** How many jobs the schedule's sum has counted, by outcome. */
  readonly counted: Readonly<Record<string, number>>;
  /** How many results the sum says are stored now. */
  readonly stored: number;
  /** How many results its rollups have counted: those of hours, and those of days. */
  readonly measured: Readonly<Record<Grain, number>>;
  /** Whether EventBridge follows the schedule, as the API shows it. */
  readonly sync: string;
  /** Whether what was to go wrong did. */
  readonly isDisturbed: boolean;
}

/** One run of the task's code. */
export interface Run {
  readonly jobId: string;
  readonly attempt: number;
}

/** What a play has to leave behind. */
export interface Expectation {
  /** Of each job, as its key has it, in order; a job that was run by hand has more behind it. */
  readonly fireTimes: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** How many attempts each job takes, where that is certain. */
  readonly attempts?: readonly number[];
  /** The fire time of a job that nothing may keep from running well. */
  readonly unhindered?: string;
  /** Whether each result has a number that is counted. */
  readonly isMeasured?: boolean;
  /** How long each result is kept from its job's finish; absent: that is not looked at. */
  readonly keptSeconds?: number;
  /** How many jobs have been there and have expired; then none may be left, nor an object. */
  readonly expired?: number;
}

/**
 * Finds what a play has broken of what Almanac promises.
 *
 * @returns Sentences, each naming the job or object; none where all is kept.
 */
export function findViolations(evidence: Evidence, expected: Expectation): readonly string[] {
  return [
    ...(evidence.isDisturbed ? [] : ['nothing went wrong that was to go wrong']),
    ...wrongJobs(evidence, expected),
    ...evidence.jobs.flatMap((job) => [...unendedOf(job, expected), ...lostOf(job, evidence)]),
    ...hindered(evidence, expected),
    ...wrongTimes(evidence, expected),
    ...wrongRuns(evidence),
    ...evidence.objects.flatMap((key) => strayOf(key, expected)),
    ...evidence.messages.map((body) => `a message is left: ${body}`),
    ...(expected.expired === undefined
      ? wrongSums(evidence)
      : wrongSum(evidence, expected.expired)),
    ...wrongStock(evidence),
    ...(expected.isMeasured ? wrongRollups(evidence) : []),
    ...(SETTLED_SYNCS.has(evidence.sync) ? [] : [`the schedule is ${evidence.sync}`]),
  ];
}

const SETTLED_SYNCS: ReadonlySet<string> = new Set(['active', 'completed']);

function wrongJobs({ jobs }: Evidence, { fireTimes, attempts }: Expectation): readonly string[] {
  const found = jobs.map(({ key }) => key.fireTime.split('~')[0]);
  if (found.join() !== fireTimes.join())
    return [`expected jobs of ${fireTimes.join(', ')}, got ${found.join(', ') || 'none'}`];
  const taken = jobs.map(({ attempt }) => attempt);
  return attempts === undefined || taken.join() === attempts.join()
    ? []
    : [`expected ${attempts.join(', ')} attempts, got ${taken.join(', ')}`];
}

function unendedOf({ id, state, outcome }: Job, { outcomes }: Expectation): readonly string[] {
  if (state !== 'settled' || outcome === undefined) return [`${id} is ${state}`];
  return outcomes.includes(outcome) ? [] : [`${id} ended ${outcome}`];
}

/** A job that is left out is so because another runs; so never are all. */
function hindered({ jobs }: Evidence, { unhindered }: Expectation): readonly string[] {
  const areAllOut = jobs.length > 0 && jobs.every(({ outcome }) => outcome === 'skipped');
  return [
    ...(areAllOut ? ['every job was left out'] : []),
    ...jobs.flatMap(({ id, key, outcome, error }) =>
      unhindered !== undefined && key.fireTime.startsWith(unhindered) && outcome !== 'success'
        ? [`${id} was kept from running: ${error?.message}`]
        : [],
    ),
  ];
}

function wrongTimes({ jobs }: Evidence, { keptSeconds }: Expectation): readonly string[] {
  if (keptSeconds === undefined) return [];
  return jobs.flatMap(({ id, finishedAt = '', resultExpiresAt = 0 }) => {
    const kept = resultExpiresAt - (fromIso(finishedAt) ?? 0);
    return kept === keptSeconds ? [] : [`${id} is kept for ${kept} s, not ${keptSeconds} s`];
  });
}

/** A success whose result is not there, or lies where its row does not say. */
function lostOf({ id, outcome, content }: Job, { objects }: Evidence): readonly string[] {
  if (outcome !== 'success') return [];
  if (!content) return [`${id} has lost its result`];
  return content.kind !== 'payload' || objects.includes(content.payload.key)
    ? []
    : [`${id} points to ${content.payload.key}, which is not there`];
}

/** An attempt runs once at most, and a job no more often than its attempts say; what succeeded has run. */
function wrongRuns({ jobs, runs }: Evidence): readonly string[] {
  return jobs.flatMap(({ id, attempt, outcome }) => {
    const attempts = runs.filter(({ jobId }) => jobId === id).map((run) => run.attempt);
    const isTwice = new Set(attempts).size < attempts.length;
    const hasRun = outcome !== 'success' || attempts.includes(attempt);
    return isTwice || !hasRun || attempts.some((one) => one > attempt)
      ? [
          `${id} has taken ${attempt} attempts, and its code ran at ${attempts.join(', ') || 'none'}`,
        ]
      : [];
  });
}

/**
 * An object may lie in a class of results without a row, as of an attempt that died: its lifecycle rule takes it. Nothing may wait
 * elsewhere, and what had a row goes with it.
 */
function strayOf(key: string, { expired }: Expectation): readonly string[] {
  return expired === undefined && /^results\/\d+d\//.test(key) ? [] : [`${key} is left`];
}

function wrongSums({ jobs, counted }: Evidence): readonly string[] {
  const settled: Record<string, number> = {};
  for (const { outcome } of jobs) if (outcome) settled[outcome] = (settled[outcome] ?? 0) + 1;
  const outcomes = new Set([...Object.keys(settled), ...Object.keys(counted)]);
  return [...outcomes].flatMap((outcome) => {
    const [is, was] = [settled[outcome] ?? 0, counted[outcome] ?? 0];
    return is === was ? [] : [`${is} jobs ended ${outcome}, and ${was} were counted`];
  });
}

/** What has expired stays counted. */
function wrongSum({ counted }: Evidence, expired: number): readonly string[] {
  const sum = Object.values(counted).reduce((total, count) => total + count, 0);
  return sum === expired ? [] : [`${expired} jobs ended, and ${sum} were counted`];
}

function wrongStock({ jobs, stored }: Evidence): readonly string[] {
  const results = jobs.filter(({ content }) => content).length;
  return results === stored ? [] : [`${results} results are stored, and ${stored} are counted`];
}

function wrongRollups({ jobs, measured }: Evidence): readonly string[] {
  const results = jobs.filter(({ outcome }) => outcome === 'success').length;
  return GRAINS.flatMap((grain) =>
    measured[grain] === results
      ? []
      : [`${results} jobs ended success, and ${measured[grain]} are counted by ${grain}`],
  );
}

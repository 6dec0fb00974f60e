import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import { decideBackdate } from '#shared/domain/backdating/decide-backdate.ts';
import { type DecidedJob, decidePage } from '#shared/domain/backdating/decide-page.ts';
import { type Backdated, tally } from '#shared/domain/backdating/tally.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import { isSharedPayload } from '#shared/domain/result/payload-class.ts';
import type { BackdatedJobs } from '#shared/ports/backdated-jobs.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { PayloadCopies } from '#shared/ports/payload-store.ts';
import { type ChangeTimesPorts, changeTimes } from '#shared/use-cases/change-times.ts';
import {
  type ErrandPorts,
  type ErrandStepped,
  takeErrandStep,
} from '#shared/use-cases/take-errand-step.ts';
import { clearTheWay } from './clear-the-way.ts';

/** What a step takes. */
export interface RunBackdatingPorts extends ErrandPorts<Backdating>, ChangeTimesPorts {
  readonly errands: Pick<ErrandStore<Backdating>, 'read' | 'replace' | 'list'>;
  readonly jobs: BackdatedJobs;
}

/** So many jobs are looked at in one step, and so many of these are changed at once. */
const MOST_LOOKED_AT = 100;
const CHANGED_AT_ONCE = 10;

/** Each lost race means that someone else has changed the same job's times; one that is raced so often is left to the others. */
const MOST_ROUNDS = 3;

/**
 * Does one step of a backdating: looks at the next jobs of its schedule, gives them the times of its policy, and has the next step follow.
 *
 * What a job gets depends on the job and the policy alone, and on how many newer ones are held, which the backdating notes: a step
 * that comes again finds its jobs as it left them.
 *
 * @throws {AlmanacError} `store.unavailable`; the message then comes again.
 */
export function runBackdating(
  message: ErrandMessage,
  ports: RunBackdatingPorts,
): Promise<ErrandStepped> {
  const step = async (backdating: Backdating) => {
    const cleared = await clearTheWay(backdating, ports);
    const isToGoOn = cleared.state === 'running' && cleared.waitSeconds === 0;
    return isToGoOn ? lookOn(cleared, ports) : cleared;
  };
  return takeErrandStep(message, { step }, ports);
}

async function lookOn(backdating: Backdating, ports: RunBackdatingPorts): Promise<Backdating> {
  const { scheduleId, to, after } = backdating;
  const place = { scheduleId, to, limit: MOST_LOOKED_AT };
  const page = await ports.jobs.page({ ...place, ...(after !== undefined && { after }) });
  const now = ports.now();
  const { decided, places } = decidePage(backdating, page.jobs, now);
  const payloadCopies = sharedOnce(ports.payloadCopies);
  const backdated: Backdated[] = [];
  for (let first = 0; first < decided.length; first += CHANGED_AT_ONCE) {
    const some = decided.slice(first, first + CHANGED_AT_ONCE);
    backdated.push(
      ...(await Promise.all(some.map((job) => carryOut(job, { ...ports, payloadCopies })))),
    );
  }
  const next = { ...backdating, places, counts: tally(backdating.counts, backdated) };
  if (page.next === undefined) return { ...next, state: 'completed', endedAt: now };
  return { ...next, after: page.next };
}

async function carryOut(decided: DecidedJob, ports: RunBackdatingPorts): Promise<Backdated> {
  const { rules } = decided;
  let { job, decision } = decided;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (decision.kind !== 'change') return decision.kind;
    const change = decision;
    if (await changeTimes(job, { change, now: rules.now }, ports))
      return change.moveTo === undefined ? 'changed' : 'moved';
    const found = await ports.jobs.get(job.key);
    if (!found) return 'expired';
    job = found;
    decision = decideBackdate(job, rules);
  }
  return 'leftAlone';
}

/** Of the jobs that a step looks at, many may share an object: one copy of it does for all of them. */
function sharedOnce(copies: PayloadCopies): PayloadCopies {
  const made = new Map<string, Promise<boolean>>();
  return {
    copy: (from, to) => {
      if (!isSharedPayload(to)) return copies.copy(from, to);
      const name = `${from.key} ${to}`;
      const copy = made.get(name) ?? copies.copy(from, to);
      made.set(name, copy);
      return copy;
    },
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdvanceSchedulePorts,
  advanceSchedule,
} from '#functions/advance-schedule/advance-schedule.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import { planAfterWrite } from '#shared/domain/schedule/plan-after-write.ts';
import { dependsOnDecision, type SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { aDefinition, aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryPlanStore } from '#test/support/memory-plan-store.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const ID = 'daily-sales';

/** No start of a play is ever too late to begin, unless the policy says so: a play is shorter. */
const CATCH_UP_WINDOW = 86_400;

type Step =
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The word that the plan's fire time has come; it dies before or after one of its calls, or does not. */
  | { readonly kind: 'advance'; readonly diesAt: number; readonly isDone: boolean }
  /** An old word, once more. */
  | { readonly kind: 'advance-again'; readonly which: number }
  /** One of the starts on their way, which may be delivered again. */
  | { readonly kind: 'deliver'; readonly which: number; readonly isAgain: boolean }
  /** The user writes the schedule, and leaves its trigger. */
  | { readonly kind: 'write' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({
    kind: fc.constant('advance'),
    diesAt: fc.integer({ min: 0, max: 6 }),
    isDone: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('advance-again'), which: fc.nat(50) }),
  fc.record({ kind: fc.constant('deliver'), which: fc.nat(50), isAgain: fc.boolean() }),
  fc.constant<Step>({ kind: 'write' }),
);

/** Not one that divides the hour, as EventBridge holds an interval of such minutes by itself. */
const anyEvery = fc.integer({ min: 61, max: 3_000 }).filter((every) => 3_600 % every !== 0);

const anyTrigger = fc.oneof(
  anyEvery.map((every) => ({ kind: 'interval', every, startAt: toIso(FIRE_TIME) })),
  fc.tuple(anyEvery, anyEvery).map((pair) => ({
    kind: 'any',
    of: pair.map((every) => ({ kind: 'interval', every, startAt: toIso(FIRE_TIME) })),
  })),
  fc.integer({ min: 1, max: 8 }).map((count) => ({
    kind: 'rrule',
    rule: `FREQ=MINUTELY;INTERVAL=25;COUNT=${count}`,
    startAt: toIso(FIRE_TIME),
  })),
);

const anyPolicy: fc.Arbitrary<SchedulePolicy> = fc
  .record({
    coalesce: fc.option(fc.constantFrom('all', 'latest', 'earliest'), { nil: undefined }),
    maxJobs: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    misfireGraceTime: fc.option(fc.integer({ min: 60, max: 4_000 }), { nil: undefined }),
  })
  .map(({ coalesce, maxJobs, misfireGraceTime }) => ({
    resultExpirationTime: 0,
    catchUpWindow: CATCH_UP_WINDOW,
    ...(coalesce && { coalesce }),
    ...(maxJobs !== undefined && { maxJobs }),
    ...(misfireGraceTime !== undefined && { misfireGraceTime }),
  }));

/** A planned schedule, its table, the queue in any order, and the runner of its task. */
class Play {
  readonly schedules = new MemoryScheduleStore();
  readonly runner = new RunnerWorld(FIRE_TIME - 1);
  readonly #words: string[] = [];
  #callsLeft = Number.POSITIVE_INFINITY;
  #isDone = false;

  constructor(trigger: Readonly<Record<string, unknown>>, policy: SchedulePolicy) {
    const definition = aDefinition({ trigger, policy });
    const plan = planAfterWrite({ definition, kept: undefined, now: this.now });
    this.schedules.put({ definition, state: aState(plan && { plan }) });
  }

  get now(): EpochSeconds {
    return this.runner.nowSeconds;
  }

  get stored() {
    const stored = this.schedules.stored(ID);
    if (!stored) throw new Error('Expected the schedule to be there.');
    return stored;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'wait') this.runner.nowSeconds += step.seconds;
    else if (step.kind === 'advance') await this.advance(step);
    else if (step.kind === 'advance-again')
      await this.#tell(this.#words[step.which % Math.max(this.#words.length, 1)]);
    else if (step.kind === 'deliver') await this.deliver(step.which, step.isAgain);
    else this.#write();
  }

  /** @returns Whether a fire time of the plan had come. */
  async advance(death: { readonly diesAt: number; readonly isDone: boolean }): Promise<boolean> {
    const { nextFireTime } = this.stored.state.plan ?? {};
    if (nextFireTime === undefined || nextFireTime > this.now) return false;
    this.#callsLeft = death.diesAt;
    this.#isDone = death.isDone;
    const word = toIso(nextFireTime);
    this.#words.push(word);
    await this.#tell(word);
    return true;
  }

  async deliver(which: number, isAgain: boolean): Promise<boolean> {
    const { sent } = this.runner;
    const at = which % Math.max(sent.length, 1);
    const message = isAgain ? sent[at] : sent.splice(at, 1)[0];
    if (message?.kind !== 'start') return false;
    await this.runner.run(message.start, () => 'done');
    return true;
  }

  async #tell(fireTime: string | undefined): Promise<void> {
    if (fireTime === undefined) return;
    const message = { kind: 'advance', scheduleId: ID, fireTime } as const;
    await advanceSchedule(message, this.#ports()).catch((error: unknown) => {
      if (!(error instanceof Death)) throw error;
    });
    this.#callsLeft = Number.POSITIVE_INFINITY;
  }

  #write(): void {
    const { definition, state } = this.stored;
    const changed = { ...definition, revision: definition.revision + 1 };
    const plan = planAfterWrite({ definition: changed, kept: state.plan, now: this.now });
    this.schedules.put({
      definition: changed,
      state: { ...state, generation: state.generation + 1, ...(plan && { plan }) },
    });
  }

  #ports(): AdvanceSchedulePorts {
    const mortal = <Args extends unknown[], Answer>(
      call: (...args: Args) => Promise<Answer>,
    ): ((...args: Args) => Promise<Answer>) => {
      return async (...args) => {
        this.#callsLeft -= 1;
        if (this.#callsLeft < 0 && !this.#isDone) throw new Death();
        const answer = await call(...args);
        if (this.#callsLeft < 0) throw new Death();
        return answer;
      };
    };
    const plans = new MemoryPlanStore(this.schedules);
    return {
      now: () => this.now,
      schedules: { read: mortal(this.schedules.read) },
      plans: { noteDecision: mortal(plans.noteDecision), move: mortal(plans.move) },
      jobs: { createSettled: mortal(this.runner.jobs.createSettled) },
      queue: { send: mortal(async (message) => void this.runner.sent.push(message)) },
    };
  }
}

class Death extends Error {}

/** Holds a play that has come to rest to what a planned schedule promises. */
function expectKept(play: Play, policy: SchedulePolicy): void {
  const { definition, state } = play.stored;
  const { rows, writes } = play.runner.jobs;
  const keys = [...rows.keys()].map((key) => key.slice(ID.length + 1)).toSorted();
  const due = [...fireTimes(triggerOf(definition), FIRE_TIME, play.now)].map(toIso);
  const { nextFireTime, started } = state.plan ?? { started: 0 };
  const hasEnded = nextFireTime === undefined;
  // What has a row is every fire time up to the end: none is left out, and none is made up.
  expect(keys).toEqual(hasEnded ? due.slice(0, keys.length) : due);
  const outcomes = [...rows.values()].map(({ outcome }) => outcome);
  const ran = outcomes.filter((outcome) => outcome === 'success').length;
  expect(writes.filter((write) => write === 'create 1')).toHaveLength(ran);
  expectPolicyKept({ outcomes, ran, started, policy });
  // It ends before its trigger does with the last of its jobs alone.
  if (keys.length < due.length) expect(started).toBe(policy.maxJobs);
}

function expectPolicyKept(end: {
  readonly outcomes: readonly unknown[];
  readonly ran: number;
  readonly started: number;
  readonly policy: SchedulePolicy;
}): void {
  const { outcomes, ran, started, policy } = end;
  const { maxJobs = Number.POSITIVE_INFINITY, coalesce = 'all', misfireGraceTime } = policy;
  expect(started).toBeLessThanOrEqual(maxJobs);
  if (coalesce === 'all') expect(outcomes).not.toContain('skipped');
  if (misfireGraceTime === undefined)
    expect([ran, outcomes.includes('missed')]).toEqual([started, false]);
  // A start that comes too late was started all the same, and is counted; what is not counted by any policy may be counted once less.
  else if (dependsOnDecision(policy)) expect(ran).toBeLessThanOrEqual(started);
}

describe('a planned schedule', () => {
  it('starts each fire time once or settles it by its policies, whatever dies, comes twice or comes late', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTrigger,
        anyPolicy,
        fc.array(anyStep, { maxLength: 40, size: 'max' }),
        async (trigger, policy, steps) => {
          const play = new Play(trigger, policy);
          for (const step of steps) await play.take(step);
          // In the end everything arrives, and nothing dies.
          while (await play.advance({ diesAt: Number.POSITIVE_INFINITY, isDone: true }));
          while (await play.deliver(0, false));

          expectKept(play, policy);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('sends its start again where it dies before its plan has moved', async () => {
    const play = new Play(
      { kind: 'interval', every: 420, startAt: toIso(FIRE_TIME) },
      {
        resultExpirationTime: 0,
      },
    );
    play.runner.nowSeconds = FIRE_TIME;

    await play.advance({ diesAt: 2, isDone: false });
    expect(play.runner.sent).toMatchObject([
      { start: startOf(play.stored.definition, toIso(FIRE_TIME)) },
    ]);
    expect(play.stored.state.plan).toEqual({ nextFireTime: FIRE_TIME, started: 0 });

    await play.advance({ diesAt: 9, isDone: false });
    expect(play.runner.sent).toHaveLength(2);
    expect(play.stored.state.plan).toEqual({ nextFireTime: FIRE_TIME + 420, started: 1 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SweepSchedulesPorts, sweepSchedules } from '#functions/sweep/sweep-schedules.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { sweptToAfterWrite, sweptToAtFirst } from '#shared/domain/schedule/sweep-position.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore, type MemoryRow } from '#test/support/memory-job-store.ts';

const ID = 'daily-sales';
const RETRY = { maxAttempts: 3, delay: 30, factor: 2, maxDelay: 900 };

/** What becomes of a start: it is lost, or its job ends, or its attempt dies or fails, and what should tell of that is lost. */
const FATES = ['lost', 'ends', 'dies', 'fails'] as const;
type Fate = (typeof FATES)[number];

type Step =
  | { readonly kind: 'wait'; readonly seconds: number; readonly fates: readonly Fate[] }
  /** It dies at one of its calls, before or after that has had its effect; 0: it lives. */
  | { readonly kind: 'sweep'; readonly diesAt: number; readonly isDone: boolean }
  /** The user writes the schedule with another trigger. */
  | { readonly kind: 'write'; readonly everyMinutes: number }
  | { readonly kind: 'run'; readonly fate: Fate };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      seconds: fc.integer({ min: 1, max: 4_000 }),
      fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sweep'),
      diesAt: fc.integer({ min: 0, max: 12 }),
      isDone: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('write'), everyMinutes: fc.constantFrom(1, 7, 60, 1_440) }),
  fc.record({ kind: fc.constant('run'), fate: fc.constantFrom(...FATES) }),
);

class Died extends Error {}

/** A schedule whose every message may be lost, and the sweep that is to make that good. */
class SweepModel {
  now = FIRE_TIME - 3_600;
  readonly jobs = new MemoryJobStore();
  schedule: StoredSchedule;
  #fates: readonly Fate[] = ['ends'];
  #sent: Start[] = [];
  #runs = 0;
  #diesAt = 0;
  #isDone = false;
  #calls = 0;

  constructor() {
    this.schedule = this.#written(15, 1);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'wait':
        this.#fates = step.fates;
        return this.#wait(step.seconds);
      case 'sweep':
        this.#diesAt = step.diesAt;
        this.#isDone = step.isDone;
        this.#calls = 0;
        await sweepSchedules(this.#ports()).catch(() => undefined);
        return;
      case 'write': {
        const { state } = this.schedule;
        const sweptTo = sweptToAfterWrite(state, this.now);
        const { definition, state: next } = this.#written(step.everyMinutes, state.revision + 1);
        this.schedule = { definition, state: { ...next, sweptTo } };
        return;
      }
      case 'run': {
        this.#runs += 1;
        const { definition, state } = this.schedule;
        const sweptTo = Math.min(state.sweptTo ?? this.now, this.now);
        this.schedule = { definition, state: { ...state, askedAt: this.now, sweptTo } };
        const suffix = String(this.#runs).padStart(26, '0');
        await this.#deliver(startOf(definition, `${toIso(this.now)}~${suffix}`), step.fate);
      }
    }
  }

  /** Sweeps as it should for some hours, and lets nothing be lost any more. */
  async calm(): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      await this.take({ kind: 'wait', seconds: 300, fates: ['ends'] });
      await this.take({ kind: 'sweep', diesAt: 0, isDone: false });
    }
  }

  get open(): readonly EpochSeconds[] {
    return [...this.jobs.rows]
      .filter(([, { state }]) => state !== 'settled')
      .map(([name]) => fireTimeOf({ scheduleId: ID, fireTime: name.slice(ID.length + 1) }));
  }

  #written(everyMinutes: number, revision: number): StoredSchedule {
    const trigger = { kind: 'interval', every: everyMinutes * 60 };
    const { now } = this;
    const times = { anchorAt: Math.ceil(now / 60) * 60, updatedAt: now };
    const policy = { resultExpirationTime: 0, retry: RETRY };
    const written = aSchedule(
      { trigger, policy, revision, ...times },
      { changedAt: now, revision, generation: revision },
    );
    const sweptTo = sweptToAtFirst(written.definition, now);
    return { definition: written.definition, state: { ...written.state, sweptTo } };
  }

  async #wait(seconds: number): Promise<void> {
    const { definition } = this.schedule;
    const due = [...fireTimes(triggerOf(definition), this.now + 1, this.now + seconds)];
    this.now += seconds;
    const starts = [...this.#sent, ...due.map((at) => startOf(definition, toIso(at)))];
    this.#sent = [];
    for (const [at, start] of starts.entries())
      await this.#deliver(start, this.#fates[at % this.#fates.length] ?? 'ends');
  }

  async #deliver(start: Start, fate: Fate): Promise<void> {
    if (fate === 'lost') return;
    const key = keyOfStart(start);
    const found = this.jobs.row(key);
    const attempt = (found?.attempt ?? 0) + 1;
    const { task, revision } = start;
    const deliverBy = fireTimeOf(key) + 3_600;
    if (this.now > deliverBy) return;
    const owner = `owner-${attempt}`;
    const times = { startedAt: this.now, leaseUntil: this.now + 60 };
    const job = { key, task, revision, deliverBy, metadata: {}, attempt, owner, ...times };
    if (!found) await this.jobs.create(job);
    else if (found.state === 'retrying' && start.attempt === attempt)
      await this.jobs.takeOver(job, found);
    else return;
    const from = { state: 'running', attempt, owner } as const;
    const outcome = fate === 'fails' ? 'error' : 'success';
    const settlement = {
      outcome,
      finishedAt: this.now,
      expiry: { expiresAt: this.now + 86_400, rule: 'schedule:default' },
    } as const;
    if (fate === 'dies') return;
    if (fate === 'fails' && attempt < RETRY.maxAttempts)
      await this.jobs.retry(key, from, {
        error: { name: 'Error', message: 'No.' },
        retryAt: this.now + 30,
        attempts: [{ attempt, outcome: 'error' }],
      });
    else await this.jobs.settle(key, from, settlement);
  }

  /** Each call of a sweep, one of which it may die at; all after that fail too. */
  async #call<T>(act: () => T | Promise<T>): Promise<T> {
    this.#calls += 1;
    const isDying = this.#diesAt !== 0 && this.#calls >= this.#diesAt;
    if (isDying && (this.#calls > this.#diesAt || !this.#isDone)) throw new Died();
    const answer = await act();
    if (isDying) throw new Died();
    return answer;
  }

  #ports(): SweepSchedulesPorts {
    const { jobs } = this;
    return {
      now: () => this.now,
      hasTime: () => true,
      isAdopted: () => false,
      report: () => undefined,
      schedules: { wake: async () => false },
      queue: {
        send: (message) =>
          this.#call(() => void (message.kind === 'start' && this.#sent.push(message.start))),
      },
      payloads: { getUnsettled: async () => undefined, deleteUnsettled: async () => undefined },
      jobs: {
        createSettled: (...write) => this.#call(() => jobs.createSettled(...write)),
        settle: (...write) => this.#call(() => jobs.settle(...write)),
        retry: (...write) => this.#call(() => jobs.retry(...write)),
        get: async (key) => jobs.read({ ...startOf(this.schedule.definition, key.fireTime) }),
      },
      rows: { between: async (_, range) => ({ rows: this.#rowsBetween(range), to: range.to }) },
      store: {
        readCursor: async () => undefined,
        writeCursor: async () => undefined,
        page: () => this.#call(() => ({ states: [this.schedule.state] })),
        definitions: async () => [this.schedule.definition],
        moveSweptTo: (read, sweptTo) =>
          this.#call(() => {
            const { definition, state } = this.schedule;
            if (state.generation !== read.generation || state.askedAt !== read.askedAt)
              return false;
            this.schedule = { definition, state: { ...state, sweptTo } };
            return true;
          }),
      },
    };
  }

  #rowsBetween({ from, to }: { readonly from: EpochSeconds; readonly to: EpochSeconds }) {
    return [...this.jobs.rows]
      .map(([name, row]) => this.#rowOf(name.slice(ID.length + 1), row))
      .filter(({ key }) => fireTimeOf(key) >= from && fireTimeOf(key) <= to)
      .toSorted((one, other) => (one.key.fireTime < other.key.fireTime ? -1 : 1));
  }

  #rowOf(fireTime: string, row: MemoryRow): SweptRow {
    const key = { scheduleId: ID, fireTime };
    const job = this.jobs.read(startOf(this.schedule.definition, fireTime));
    if (row.state === 'settled' || !job) return { key };
    const { failure } = row;
    const retryAt = failure && toIso(failure.retryAt);
    return { key, open: { job: { ...job, ...(retryAt !== undefined && { retryAt }) } } };
  }
}

describe('sweepSchedules, whatever is lost and wherever it dies', () => {
  it('never passes by what has not settled, and brings every fire time to an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
        const model = new SweepModel();
        for (const step of steps) {
          await model.take(step);
          const { sweptTo = 0 } = model.schedule.state;
          expect(model.open.filter((fireTime) => fireTime < sweptTo)).toEqual([]);
        }

        await model.calm();

        const { definition } = model.schedule;
        const due = fireTimes(triggerOf(definition), definition.updatedAt + 1, model.now - 4_500);
        const unsettled = [...due].filter(
          (at) => model.jobs.row({ scheduleId: ID, fireTime: toIso(at) })?.state !== 'settled',
        );
        expect(unsettled).toEqual([]);
        expect(model.open.filter((at) => at < model.now - 4_500)).toEqual([]);
        expect(model.schedule.state.sweptTo).toBeGreaterThan(model.now - 4_500);
      }),
      { numRuns: 100 },
    );
  });
});

import { EventEmitter } from 'node:events';
import type fc from 'fast-check';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { DeadLetter } from '#shared/domain/job/decide-undelivered.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { AttemptStanding } from '#shared/ports/job-watch.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { PermanentError } from '#shared/runner/permanent-error.ts';
import { RetryAfter } from '#shared/runner/retry-after.ts';
import { type JobEnd, runJob } from '#shared/runner/run-job.ts';
import type { TurnPorts } from '#shared/runner/runner-ports.ts';
import { type LetterEnd, settleUndelivered } from '#shared/runner/settle-undelivered.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';
import { MemorySlotStore, memoryWaitingJobs } from '#test/support/memory-turns.ts';

/** Lambda kills an invocation this long after it began. */
const LIMIT_SECONDS = 60;

/** SQS hands a message over after this long at the latest. */
const LONGEST_DELAY_SECONDS = 900;

/** How one invocation goes. */
export interface Behaviour {
  /** How far its clock is off. */
  readonly skewSeconds: number;
  /** At which of its calls it dies, before or after the call has had its effect; absent: it lives. */
  readonly death?: { readonly call: number; readonly when: 'before' | 'after' };
  /** How its function ends. */
  readonly end: 'success' | 'error' | 'permanent' | 'retry-after';
  /** Steps that its function takes. */
  readonly steps: number;
  /** The table does not take its settle. */
  readonly isThrottled: boolean;
}

/** A run of the user's function. */
interface Running {
  readonly start: Start;
  /** When Lambda kills it at the latest. */
  readonly diesAt: EpochSeconds;
}

/** An invocation that nothing disturbs. */
const CALM: Behaviour = { skewSeconds: 0, end: 'success', steps: 0, isThrottled: false };

interface Waiting<T> {
  readonly content: T;
  readonly visibleAt: EpochSeconds;
}

/**
 * A world in which calls of several invocations come in any order, time leaps, and invocations die. Its queue delays by 15 minutes at
 * most, and whose invocation dies or throws has its start handed to `settle-undelivered`.
 */
export class JobModel {
  now = FIRE_TIME;
  readonly jobs = new MemoryJobStore();
  readonly slots = new MemorySlotStore();
  /** Invocations that are inside the user's function now. */
  readonly running = new Map<string, Running>();
  /** Runs that began while another of the same job was alive. */
  readonly overlaps: string[] = [];
  /** Runs that began while another job of the same schedule ran. */
  readonly besides: string[] = [];
  /** The most that ran at once, and the most of one schedule that were queued behind another at once. */
  mostRunning = 0;
  mostQueued = 0;
  /** What invocations that lived came to. */
  readonly ends: { readonly behaviour: Behaviour; readonly end: JobEnd }[] = [];
  readonly letterEnds: LetterEnd[] = [];
  readonly unsettled = new Map<string, string>();
  /** Outcomes that were left in the bucket. */
  readonly leftBehind: string[] = [];
  deaths = 0;
  runs = 0;
  hops = 0;
  /** Picks whose turn is next; without one, calls go straight through. */
  scheduler: fc.Scheduler | undefined;
  readonly #behaviours: Behaviour[];
  readonly #maxRunningJobs: number | undefined;
  #queue: Waiting<QueuedMessage>[] = [];
  #letters: Waiting<DeadLetter>[] = [];
  #invocations = 0;

  /**
   * @param behaviours - How the invocations go, in the order in which they begin; further ones are calm.
   * @param maxRunningJobs - What the task is bound to; nothing when absent.
   */
  constructor(behaviours: readonly Behaviour[], maxRunningJobs?: number) {
    this.#behaviours = [...behaviours];
    this.#maxRunningJobs = maxRunningJobs;
  }

  async step(what: string): Promise<void> {
    await this.scheduler?.schedule(Promise.resolve(), what);
  }

  /** Hands over what is due, and again later where it is to come twice. */
  async deliver(isTwice = false): Promise<void> {
    const isDue = ({ visibleAt }: Waiting<unknown>) => visibleAt <= this.now;
    const [messages, letters] = [this.#queue.filter(isDue), this.#letters.filter(isDue)];
    if (!isTwice) {
      this.#queue = this.#queue.filter((one) => !messages.includes(one));
      this.#letters = this.#letters.filter((one) => !letters.includes(one));
    }
    for (const { content } of messages) await this.#take(content);
    for (const { content } of letters) await this.#settle(content);
  }

  /** Delivers, undisturbed, what is still on its way, until nothing is. */
  async converge(): Promise<void> {
    this.scheduler = undefined;
    for (let round = 0; round < 500; round += 1) {
      const waiting = [...this.#queue, ...this.#letters].map(({ visibleAt }) => visibleAt);
      if (waiting.length === 0) return;
      this.now = Math.max(this.now + 1, Math.min(...waiting));
      await this.deliver();
    }
    throw new Error('Expected the starts on their way to come to an end.');
  }

  /** Runs one invocation; one that dies never ends. */
  invoke(brought: Start): Promise<void> {
    const behaviour = this.#behaviours.shift() ?? CALM;
    this.#invocations += 1;
    const owner = `owner-${this.#invocations}`;
    const killedAt = this.now + LIMIT_SECONDS;
    let calls = 0;
    let isDead = false;
    let isOver = false;
    const done = Promise.withResolvers<void>();

    const die = (): Promise<never> => {
      // What it has left undone when it ended, as a look at its job, dies with nobody.
      if (!isDead && !isOver) {
        this.deaths += 1;
        this.#fail(brought);
        this.running.delete(owner);
        done.resolve();
      }
      isDead = true;
      return new Promise(() => {});
    };
    const call = async <T>(what: string, effect: () => Promise<T>): Promise<T> => {
      calls += 1;
      const isFatal = (when: 'before' | 'after') =>
        isDead ||
        this.now >= killedAt ||
        (behaviour.death?.call === calls && behaviour.death.when === when);
      await this.step(`${owner} ${what}`);
      if (isFatal('before')) return die();
      const result = await effect();
      this.#countQueued();
      await this.step(`${owner} ${what}, answered`);
      return isFatal('after') ? die() : result;
    };
    const jobs: JobStore = {
      create: (...write) => call('create', () => this.jobs.create(...write)),
      createSettled: (...write) => call('createSettled', () => this.jobs.createSettled(...write)),
      createWaiting: (...write) => call('createWaiting', () => this.jobs.createWaiting(...write)),
      wait: (...write) => call('wait', () => this.jobs.wait(...write)),
      takeOver: (...write) => call('takeOver', () => this.jobs.takeOver(...write)),
      settle: (...write) =>
        call('settle', async () => {
          if (behaviour.isThrottled) throw new AlmanacError('store.unavailable', 'throttled');
          return this.jobs.settle(...write);
        }),
      requestCancel: (...write) => call('requestCancel', () => this.jobs.requestCancel(...write)),
      retry: (...write) => call('retry', () => this.jobs.retry(...write)),
      noteInputs: (...write) => call('noteInputs', () => this.jobs.noteInputs(...write)),
      report: (...write) => call('report', () => this.jobs.report(...write)),
    };
    const run = async () => {
      // An invocation that is dead by the clock does not run, though nothing has told the model yet.
      if (this.now >= killedAt) return die();
      this.#begin(owner, { start: brought, diesAt: killedAt });
      this.runs += 1;
      for (let step = 0; step < behaviour.steps; step += 1)
        await call('works', () => Promise.resolve());
      this.running.delete(owner);
      return endAs(behaviour);
    };
    const ports = {
      jobs,
      schedules: { read: () => Promise.resolve({ kind: 'active' } as const) },
      payloads: async () => ({
        putResult: () => Promise.reject(new Error('Expected no large result.')),
        putShared: () => Promise.reject(new Error('Expected no policy to share objects.')),
        openUpload: () => {
          throw new Error('Expected no task to return a file.');
        },
        putUnsettled: (key: string, text: string) =>
          call('putUnsettled', async () => {
            this.unsettled.set(key, text);
            this.leftBehind.push(text);
          }),
      }),
      starts: async () => ({
        send: (message: QueuedMessage) => call('send', async () => this.#send(message)),
      }),
      watch: async () => ({
        look: (job: ClaimedJob) => call('look', async () => this.#standingOf(job)),
      }),
      turns: async () => this.#turns(call),
      ...(this.#maxRunningJobs !== undefined && { maxRunningJobs: this.#maxRunningJobs }),
      inputs: () => Promise.reject(new Error('Expected no input that refers to results.')),
      redactionKey: () => Promise.reject(new Error('Expected no policy to hash.')),
      history: () => Promise.reject(new Error('Expected no policy to look back.')),
      nowMs: () => (this.now + behaviour.skewSeconds) * 1000,
      lostErrors: new EventEmitter(),
      newOwner: () => owner,
    };
    const invocation = { remainingMs: () => (killedAt - this.now) * 1000 };
    runJob({ start: brought, run }, invocation, ports)
      .then((end) => {
        isOver = true;
        this.ends.push({ behaviour, end });
      })
      .catch((error: unknown) => {
        if (!(error instanceof AlmanacError)) throw error;
        isOver = true;
        this.#fail(brought);
      })
      .then(done.resolve, done.reject);
    return done.promise;
  }

  #begin(owner: string, { start, diesAt }: Running): void {
    const alive = [...this.running].filter(([, other]) => other.diesAt > this.now);
    for (const [name, other] of alive) {
      if (other.start.scheduleId !== start.scheduleId) continue;
      const isSameJob = other.start.fireTime === start.fireTime;
      (isSameJob ? this.overlaps : this.besides).push(`${owner} beside ${name}`);
    }
    this.running.set(owner, { start, diesAt });
    this.mostRunning = Math.max(this.mostRunning, alive.length + 1);
  }

  #turns(call: <T>(what: string, effect: () => Promise<T>) => Promise<T>): TurnPorts {
    const { slots } = this;
    const waiting = memoryWaitingJobs(this.jobs);
    return {
      slots: {
        take: (...ask) => call('take slot', () => slots.take(...ask)),
        free: (...ask) => call('free slot', () => slots.free(...ask)),
        handOver: (...ask) => call('hand slot over', () => slots.handOver(...ask)),
        holders: (group) => call('read slots', () => slots.holders(group)),
      },
      waiting: {
        oldest: (group) => call('find who waits', () => waiting.oldest(group)),
        standing: (key) => call('read standing', () => waiting.standing(key)),
      },
    };
  }

  #standingOf({ key, attempt, owner }: ClaimedJob): AttemptStanding {
    const row = this.jobs.row(key);
    if (row?.state !== 'running' || row.attempt !== attempt || row.owner !== owner) return 'taken';
    return row.isCancelRequested ? 'cancelled' : 'wanted';
  }

  #countQueued(): void {
    const queued = [...this.jobs.rows.values()].flatMap(({ state, waitingFor, start }) =>
      state === 'queued' && waitingFor !== undefined && start ? [start.scheduleId] : [],
    );
    for (const some of Map.groupBy(queued, (scheduleId) => scheduleId).values())
      this.mostQueued = Math.max(this.mostQueued, some.length);
  }

  #send(message: QueuedMessage): void {
    const visibleAt = Math.min(message.notBefore, this.now + LONGEST_DELAY_SECONDS);
    this.#queue.push({ content: message, visibleAt });
  }

  async #take(message: QueuedMessage): Promise<void> {
    if (message.kind !== 'start') throw new Error(`Expected starts alone, got ${message.kind}.`);
    if (message.notBefore > this.now) {
      this.hops += 1;
      this.#send(message);
    } else await this.invoke(message.start);
  }

  #fail(start: Start): void {
    const letter: DeadLetter = {
      start,
      kind: 'crashed',
      code: 'Runtime.ExitError',
      message: 'exit status 1',
      isPermanent: false,
    };
    this.#letters.push({ content: letter, visibleAt: this.now });
  }

  async #settle(letter: DeadLetter): Promise<void> {
    const stepped = async <T>(what: string, effect: () => Promise<T>): Promise<T> => {
      await this.step(`letter ${what}`);
      return effect();
    };
    const end = await settleUndelivered(letter, {
      now: () => this.now,
      jobs: {
        get: () => stepped('get', async () => this.jobs.read(letter.start)),
        createSettled: (...write) =>
          stepped('createSettled', () => this.jobs.createSettled(...write)),
        settle: (...write) => stepped('settle', () => this.jobs.settle(...write)),
        retry: (...write) => stepped('retry', () => this.jobs.retry(...write)),
      },
      payloads: {
        getUnsettled: (key) => stepped('getUnsettled', async () => this.unsettled.get(key)),
        deleteUnsettled: async (key) => void this.unsettled.delete(key),
      },
      queue: { send: (message) => stepped('send', async () => this.#send(message)) },
      lookAgain: async (notBefore) => {
        const visibleAt = Math.min(notBefore, this.now + LONGEST_DELAY_SECONDS);
        this.#letters.push({ content: letter, visibleAt });
      },
    });
    this.letterEnds.push(end);
  }
}

function endAs({ end }: Behaviour): string {
  if (end === 'error') throw new Error('no');
  if (end === 'permanent') throw new PermanentError('never');
  if (end === 'retry-after') throw new RetryAfter(2_400);
  return 'done';
}

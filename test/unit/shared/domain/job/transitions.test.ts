import { describe, expect, it } from 'vitest';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { DeadLetter } from '#shared/domain/job/decide-undelivered.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { encodeUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { PermanentError } from '#shared/runner/permanent-error.ts';
import type { RunTask } from '#shared/runner/run-claimed.ts';
import { settleUndelivered } from '#shared/runner/settle-undelivered.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import type { MemoryRow } from '#test/support/memory-job-store.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const RETRY = { maxAttempts: 3, delay: 10, factor: 1, maxDelay: 10 };
const start = aStart({ policy: { resultExpirationTime: 60, retry: RETRY } });
const final = aStart({ policy: { resultExpirationTime: 60 } });
const second = { ...start, attempt: 2 };

const ON_TIME = FIRE_TIME + 60;
const LATE = FIRE_TIME + 3_601;

/** How a row may be found, at an instant. */
const ROWS = {
  'no row': () => undefined,
  queued: () => ({ state: 'queued', attempt: 0 }),
  running: (now) => ({ state: 'running', attempt: 1, owner: 'other', leaseUntil: now + 100 }),
  'running, its lease over': (now) => ({
    state: 'running',
    attempt: 1,
    owner: 'other',
    leaseUntil: now - 10,
  }),
  retrying: () => ({
    state: 'retrying',
    attempt: 1,
    owner: 'other',
    attempts: [{ attempt: 1, outcome: 'error' }],
  }),
  settled: () => ({ state: 'settled', attempt: 1, owner: 'other', outcome: 'success' }),
} satisfies Record<string, (now: EpochSeconds) => MemoryRow | undefined>;

type State = keyof typeof ROWS;

/** What may happen to a job from outside, and when. */
const EVENTS = {
  'start of attempt 1': { now: ON_TIME, happen: (play: Play) => play.deliver(start) },
  'start of attempt 2': { now: ON_TIME, happen: (play: Play) => play.deliver(second) },
  'start of attempt 1, too late': { now: LATE, happen: (play: Play) => play.deliver(start) },
  'start of attempt 2, too late': { now: LATE, happen: (play: Play) => play.deliver(second) },
  'crash, to be retried': { now: ON_TIME, happen: (play: Play) => play.tell(start, 'crashed') },
  'crash, final': { now: ON_TIME, happen: (play: Play) => play.tell(final, 'crashed') },
  'crash with its end in the bucket': {
    now: ON_TIME,
    happen: (play: Play) => play.tell(start, 'crashed', 'unsettled'),
  },
  'not delivered': { now: ON_TIME, happen: (play: Play) => play.tell(start, 'not-delivered') },
  'retry not delivered, too late': {
    now: LATE,
    happen: (play: Play) => play.tell(second, 'not-delivered'),
  },
} satisfies Record<string, { now: EpochSeconds; happen: (play: Play) => Promise<unknown> }>;

type Event = keyof typeof EVENTS;

/** The writes and sends that an event leads to, in order; `-` for none. */
const TABLE: Readonly<Record<State, Readonly<Record<Event, string>>>> = {
  'no row': {
    'start of attempt 1': 'create 1, settle 1 success',
    'start of attempt 2': 'create 2, settle 2 success',
    'start of attempt 1, too late': 'create settled missed',
    'start of attempt 2, too late': 'create settled missed',
    'crash, to be retried': 'send 1',
    'crash, final': 'send 1',
    'crash with its end in the bucket': 'send 1',
    'not delivered': 'send 1',
    'retry not delivered, too late': 'create settled undelivered',
  },
  queued: {
    'start of attempt 1': 'take 1, settle 1 success',
    'start of attempt 2': '-',
    'start of attempt 1, too late': 'settle 0 missed',
    'start of attempt 2, too late': '-',
    'crash, to be retried': 'send 1',
    'crash, final': 'send 1',
    'crash with its end in the bucket': 'send 1',
    'not delivered': 'send 1',
    'retry not delivered, too late': '-',
  },
  running: {
    'start of attempt 1': '-',
    'start of attempt 2': 'send 2',
    'start of attempt 1, too late': '-',
    'start of attempt 2, too late': '-',
    'crash, to be retried': 'look again',
    'crash, final': 'look again',
    'crash with its end in the bucket': 'settle 1 success',
    'not delivered': '-',
    'retry not delivered, too late': '-',
  },
  'running, its lease over': {
    'start of attempt 1': '-',
    'start of attempt 2': 'take 2, settle 2 success',
    'start of attempt 1, too late': '-',
    'start of attempt 2, too late': '-',
    'crash, to be retried': 'send 2, retry 1',
    'crash, final': 'settle 1 abandoned',
    'crash with its end in the bucket': 'settle 1 success',
    'not delivered': '-',
    'retry not delivered, too late': '-',
  },
  retrying: {
    'start of attempt 1': '-',
    'start of attempt 2': 'take 2, settle 2 success',
    'start of attempt 1, too late': '-',
    'start of attempt 2, too late': 'settle 1 error',
    'crash, to be retried': '-',
    'crash, final': '-',
    'crash with its end in the bucket': '-',
    'not delivered': '-',
    'retry not delivered, too late': 'settle 1 error',
  },
  settled: {
    'start of attempt 1': '-',
    'start of attempt 2': '-',
    'start of attempt 1, too late': '-',
    'start of attempt 2, too late': '-',
    'crash, to be retried': '-',
    'crash, final': '-',
    'crash with its end in the bucket': '-',
    'not delivered': '-',
    'retry not delivered, too late': '-',
  },
};

/** How an attempt's own function may end. */
const ENDS = {
  returns: { policy: start, run: () => 1 },
  'throws, to be retried': { policy: start, run: fail },
  'throws, final': { policy: final, run: fail },
  'throws a permanent error': {
    policy: start,
    run: () => {
      throw new PermanentError('never');
    },
  },
  'lets go of an error': {
    policy: final,
    run: (_, world) => {
      world.lostErrors.emit('uncaughtException', new Error('lost'));
      return new Promise(() => {});
    },
  },
  'heeds its signal': {
    policy: aStart({ policy: { resultExpirationTime: 60, timeoutSeconds: 0.001 } }),
    run: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  },
  'tells of its progress': {
    policy: start,
    run: ({ progress }) => {
      progress(0.5);
      return 1;
    },
  },
} satisfies Record<
  string,
  {
    policy: Start;
    run: (attempt: Parameters<RunTask>[0], world: RunnerWorld) => unknown;
  }
>;

type End = keyof typeof ENDS;

/** What an attempt writes at its end while it holds the job; where another state is found, it writes nothing at all. */
const OWN_WRITES: Readonly<Record<End, string>> = {
  returns: 'settle 1 success',
  'throws, to be retried': 'send 2, retry 1',
  'throws, final': 'settle 1 error',
  'throws a permanent error': 'settle 1 error',
  'lets go of an error': 'settle 1 error',
  'heeds its signal': 'settle 1 timed-out',
  'tells of its progress': 'report 1, settle 1 success',
};

function fail(): never {
  throw new Error('no');
}

/** A job in a world of its own, and what it makes of what happens to it. */
class Play {
  readonly world: RunnerWorld;
  /** Writes and sends, in order. */
  readonly done: string[];
  readonly #queue = {
    send: async (message: QueuedMessage) =>
      void this.done.push(message.kind === 'start' ? `send ${message.start.attempt}` : '?'),
  };

  constructor(now: EpochSeconds, row: MemoryRow | undefined) {
    this.world = new RunnerWorld(now);
    this.done = this.world.jobs.writes;
    this.put(row);
  }

  put(row: MemoryRow | undefined): void {
    const { scheduleId, fireTime } = keyOfStart(start);
    if (row) this.world.jobs.rows.set(`${scheduleId}@${fireTime}`, row);
  }

  get row(): MemoryRow | undefined {
    return this.world.jobs.row(keyOfStart(start));
  }

  deliver(brought: Start, task: RunTask = () => 1) {
    return this.world.run(brought, task, { starts: async () => this.#queue });
  }

  tell(brought: Start, kind: DeadLetter['kind'], left?: 'unsettled') {
    const { jobs, nowSeconds } = this.world;
    const letter = { start: brought, kind, code: 'Failed', message: 'no', isPermanent: false };
    const text = left && this.#leftBehind(brought);
    return settleUndelivered(letter, {
      now: () => nowSeconds,
      jobs: { ...jobs, get: async () => jobs.read(brought) },
      payloads: { getUnsettled: async () => text, deleteUnsettled: async () => {} },
      queue: this.#queue,
      lookAgain: async () => void this.done.push('look again'),
    });
  }

  /** What was done, each settle with its outcome. */
  story(): string {
    const told = this.done.map((one) =>
      one.includes('settle') ? `${one} ${this.row?.outcome}` : one,
    );
    return told.join(', ') || '-';
  }

  #leftBehind(brought: Start): string {
    return encodeUnsettledJob({
      key: keyOfStart(brought),
      attempt: 1,
      owner: 'other',
      settlement: {
        outcome: 'success',
        finishedAt: ON_TIME,
        expiry: { expiresAt: ON_TIME + 9_999, rule: 'schedule:default' },
      },
    });
  }
}

const CELLS = Object.entries(TABLE).flatMap(([state, cells]) =>
  Object.entries(cells).map(([event, story]) => [state, event, story] as const),
);

const FENCED = ['running', 'running, its lease over', 'retrying', 'settled'] as const;

describe(`the row of ${jobId(keyOfStart(start))}`, () => {
  it.each(CELLS)('%s — %s: %s', async (state, event, story) => {
    const { now, happen } = EVENTS[event as Event];
    const row = ROWS[state as State](now);
    const play = new Play(now, row);

    await happen(play);

    expect(play.story()).toBe(story);
    if (story === '-') expect(play.row).toEqual(row);
  });

  it.each(Object.entries(OWN_WRITES))('running, ours — the function %s: %s', async (end, story) => {
    const { policy, run } = ENDS[end as End];
    const play = new Play(ON_TIME, undefined);

    await play.deliver(policy, (attempt) => run(attempt, play.world));

    expect(play.story()).toBe(`create 1, ${story}`);
  });

  it.each(FENCED.flatMap((state) => Object.keys(ENDS).map((end) => [state, end] as const)))(
    '%s under another — the function %s: no write',
    async (state, end) => {
      const { policy, run } = ENDS[end as End];
      const play = new Play(ON_TIME, undefined);
      const taken = ROWS[state](ON_TIME);

      const { kind } = await play.deliver(policy, (attempt) => {
        play.put(taken);
        play.done.length = 0;
        return run(attempt, play.world);
      });

      expect(kind).toBe('fenced-off');
      // A start too many is harmless: it finds the job as it stands.
      expect(play.done.filter((one) => one !== 'send 2')).toEqual([]);
      expect(play.row).toEqual(taken);
    },
  );
});

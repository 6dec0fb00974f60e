import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Scenario } from './scenario.ts';

/** Where no policy allows another attempt, a job whose attempt has died is `abandoned`. */
const ONE_ATTEMPT = ['success', 'abandoned'] as const;

/** One attempt more than what is made to go wrong can cost. */
const RETRY = { maxAttempts: 4, delay: 20, factor: 2, maxDelay: 60 };

/** More than a row holds. */
export const LARGE_BYTES = 30_000;

const before = (at: string, seconds: number) => toIso((fromIso(at) ?? 0) - seconds);

const once = (at: string) => ({ kind: 'once', at });

/** Two firings whose first attempts fail: each job has its schedule's slot until its second, over the next fire time. */
const twice = (at: string) => ({
  trigger: { kind: 'interval', every: 60, startAt: at },
  maxJobs: 2,
  input: { failOnAttempt: 1, retryAfter: 90 },
  retry: RETRY,
});

/** Everything that is played. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'plain',
    actors: ['task', 'ProjectSchedules', 'FollowJobs'],
    schedule: (at) => ({ trigger: once(at) }),
    firings: [0],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'large result',
    actors: ['task', 'FollowJobs'],
    schedule: (at) => ({ trigger: once(at), input: { bytes: LARGE_BYTES } }),
    firings: [0],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'expired result',
    actors: ['FollowJobs'],
    schedule: (at) => ({
      trigger: once(at),
      input: { bytes: LARGE_BYTES },
      resultExpirationTime: '1h',
    }),
    firings: [0],
    isExpired: true,
    outcomes: [],
  },
  {
    name: 'metrics',
    actors: ['FollowJobs'],
    schedule: (at) => ({
      trigger: once(at),
      metrics: [{ name: 'attempt', path: 'attempt' }],
    }),
    firings: [0],
    isMeasured: true,
    outcomes: [],
  },
  {
    name: 'retry',
    actors: ['task', 'StartJobs'],
    schedule: (at) => ({
      trigger: once(at),
      input: { failOnAttempt: 1, bytes: LARGE_BYTES },
      retry: RETRY,
    }),
    firings: [0],
    outcomes: ['success'],
  },
  {
    name: 'overlap skip',
    actors: ['task'],
    schedule: (at) => ({ ...twice(at), overlap: 'skip' }),
    firings: [0, 60],
    isRunAfterwards: true,
    outcomes: ['success', 'skipped'],
  },
  {
    name: 'overlap buffer-one',
    actors: ['task', 'StartJobs'],
    schedule: (at) => ({ ...twice(at), overlap: 'buffer-one' }),
    firings: [0, 60],
    isRunAfterwards: true,
    outcomes: ['success', 'skipped'],
  },
  {
    name: 'planned',
    actors: ['AdvanceSchedule', 'ProjectSchedules', 'StartJobs', 'task'],
    // Counted jobs make it note its decision, so that every call is made that planning has.
    schedule: (at) => ({
      trigger: { kind: 'interval', every: 420, startAt: at },
      maxJobs: 2,
      coalesce: 'latest',
    }),
    firings: [0, 420],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'dependent',
    actors: ['FollowJobs', 'StartJobs', 'task'],
    schedule: (at) => ({ trigger: once(at) }),
    dependent: {},
    firings: [0],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'run by hand',
    actors: ['FollowJobs', 'StartJobs', 'task'],
    schedule: () => ({ trigger: once('2027-03-01T09:00:00Z') }),
    isRunByHand: true,
    firings: [0],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'backfill',
    actors: ['RunBackfill', 'StartJobs'],
    // The last one fires by itself, just as it is backfilled.
    schedule: (at) => ({
      trigger: { kind: 'interval', every: 3_600, startAt: before(at, 7_200), endAt: at },
    }),
    isBackfilled: true,
    firings: [-7_200, -3_600, 0],
    outcomes: ONE_ATTEMPT,
  },
  {
    name: 'backdating',
    actors: ['RunBackdating', 'StartJobs', 'FollowJobs'],
    schedule: (at) => ({ trigger: once(at), input: { bytes: LARGE_BYTES } }),
    backdatedToDays: 5,
    firings: [0],
    outcomes: [],
  },
  {
    name: 'dead attempt',
    actors: ['SettleUndelivered', 'StartJobs', 'task'],
    schedule: (at) => ({ trigger: once(at), retry: RETRY }),
    firings: [0],
    given: [
      {
        actor: 'task',
        service: 'dynamodb',
        operation: 'PutItem',
        nth: 1,
        when: 'after',
        do: 'kill',
      },
    ],
    outcomes: ['success'],
  },
  {
    name: 'lost start',
    actors: ['Sweep'],
    schedule: (at) => ({ trigger: once(at) }),
    isForgotten: true,
    // One sweep sees to all schedules, so each act has two of its own: one that goes wrong, and one that makes it good.
    pace: { beforeSeconds: 900, apartSeconds: 660 },
    disturbedForSeconds: 600,
    firings: [0],
    outcomes: [],
  },
  {
    name: 'lost settle',
    actors: ['SettleUndelivered', 'task'],
    schedule: (at) => ({ trigger: once(at), input: { bytes: LARGE_BYTES } }),
    firings: [0],
    given: [
      {
        actor: 'task',
        service: 'dynamodb',
        operation: 'UpdateItem',
        nth: 1,
        when: 'before',
        do: 'error',
        isLasting: true,
      },
    ],
    outcomes: ONE_ATTEMPT,
  },
];

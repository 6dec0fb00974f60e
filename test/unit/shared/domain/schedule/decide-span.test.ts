import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { OpenJob, SweptRow } from '#shared/domain/job/open-job.ts';
import { decideSpan, type SweptSpan } from '#shared/domain/schedule/decide-span.ts';
import type { ScheduleDefinition, ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { NOTHING_TO_COME } from '#shared/domain/schedule/sweep-position.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { anOpenJob } from '#test/support/an-open-job.ts';

const MINUTE = 60;
const DAY = 86_400;

/** Fires every minute, from a minute before {@link FIRE_TIME} on. */
const MINUTELY: Partial<ScheduleDefinition> = {
  trigger: { kind: 'interval', every: 'PT1M' },
  policy: { resultExpirationTime: 0 },
};

const settled = (fireTime: number): SweptRow => ({
  key: { scheduleId: 'daily-sales', fireTime: toIso(fireTime) },
});

const open = (fireTime: number, changes: Partial<OpenJob['job']> = {}): SweptRow => {
  const key = { scheduleId: 'daily-sales', fireTime: toIso(fireTime) };
  return { key, open: anOpenJob({ key, leaseUntil: fireTime + 900, ...changes }) };
};

function span(
  secondsLater: number,
  parts: {
    readonly definition?: Partial<ScheduleDefinition>;
    readonly state?: Partial<ScheduleState>;
  } & Partial<Omit<SweptSpan, 'definition' | 'state'>> = {},
) {
  const { definition = {}, state = {}, ...rest } = parts;
  const now = FIRE_TIME + secondsLater;
  const to = now - 300;
  const swept = {
    ...aSchedule(definition, { sweptTo: FIRE_TIME, ...state }),
    rows: [],
    to,
    isWhole: true,
  };
  return decideSpan({ ...swept, ...rest }, { now, isAdopted: () => false });
}

const startsOf = ({ gaps }: ReturnType<typeof span>) =>
  gaps.flatMap((gap) => (gap.kind === 'start' ? [gap.start.fireTime] : []));

describe('decideSpan', () => {
  it('leaves a schedule that is at rest alone until its next fire time', () => {
    expect(span(300, { rows: [settled(FIRE_TIME)] })).toEqual({
      gaps: [],
      overdue: [],
      sweptTo: FIRE_TIME + DAY,
    });
  });

  it('starts what has no row, and stays there', () => {
    const decided = span(300 + 2 * MINUTE, {
      definition: MINUTELY,
      rows: [settled(FIRE_TIME), settled(FIRE_TIME + 2 * MINUTE)],
    });

    expect(startsOf(decided)).toEqual(['2026-11-23T09:01:00Z']);
    expect(decided.sweptTo).toBe(FIRE_TIME + MINUTE);
  });

  it('does not pass by a job that runs, whether or not anything is to be done about it', () => {
    const rows = [open(FIRE_TIME), settled(FIRE_TIME + MINUTE)];

    expect(span(400, { definition: MINUTELY, rows })).toMatchObject({
      overdue: [{ kind: 'wait' }],
      sweptTo: FIRE_TIME,
    });
    expect(span(1_300, { definition: MINUTELY, rows })).toMatchObject({
      overdue: [{ kind: 'take-up' }],
      sweptTo: FIRE_TIME,
    });
  });

  it('finds no fire time that lies before the definition was written, but the jobs there', () => {
    const definition = { ...MINUTELY, updatedAt: FIRE_TIME + 90 };
    const rows = [open(FIRE_TIME)];
    const state = { changedAt: FIRE_TIME + 90 };

    const decided = span(300 + 3 * MINUTE, { definition, state, rows });

    expect(startsOf(decided)).toEqual(['2026-11-23T09:02:00Z', '2026-11-23T09:03:00Z']);
    expect(decided.sweptTo).toBe(FIRE_TIME);
  });

  it('stays behind a change for as long as starts from before may be under way', () => {
    const rows = [settled(FIRE_TIME)];
    const sweptTo = (secondsLater: number) =>
      span(90 + secondsLater, { state: { changedAt: FIRE_TIME + 90 }, rows }).sweptTo;

    expect(sweptTo(300 + 3_599)).toBe(FIRE_TIME);
    expect(sweptTo(300 + 3_600)).toBe(FIRE_TIME + DAY);
  });

  it('sees to a hundred fire times at one go', () => {
    const decided = span(300 + 500 * MINUTE, { definition: MINUTELY });

    expect(decided.gaps).toHaveLength(100);
    expect(decided.sweptTo).toBe(FIRE_TIME);
  });

  it('goes on where the rows were cut off, whatever the next fire time is', () => {
    const rows = [settled(FIRE_TIME)];

    expect(span(400, { rows, to: FIRE_TIME + 10, isWhole: false }).sweptTo).toBe(FIRE_TIME + 11);
  });

  it('does not pass by the instant at which someone has just asked for a job', () => {
    const rows = [settled(FIRE_TIME)];
    const askedAt = FIRE_TIME + 110;

    expect(span(400, { rows, state: { askedAt } }).sweptTo).toBe(askedAt);
    expect(span(410, { rows, state: { askedAt } }).sweptTo).toBe(FIRE_TIME + DAY);
  });

  it('has nothing to look for once the trigger has ended', () => {
    const definition = { trigger: { kind: 'once', at: '2026-11-23T09:00:00Z' } };

    expect(span(300, { definition, rows: [settled(FIRE_TIME)] }).sweptTo).toBe(NOTHING_TO_COME);
  });
});

describe('decideSpan, of a planned schedule', () => {
  it('leaves to the plan what the plan has not seen to, and stays there', () => {
    const plan = { nextFireTime: FIRE_TIME + MINUTE, started: 1 };

    const decided = span(300 + 2 * MINUTE, { definition: MINUTELY, state: { plan } });

    expect(startsOf(decided)).toEqual(['2026-11-23T09:00:00Z']);
    expect(decided.gaps.map(({ kind }) => kind)).toEqual(['start', 'wait', 'wait']);
    expect(decided.sweptTo).toBe(FIRE_TIME);
  });

  it('starts none beyond the last of its maxJobs, which its trigger goes on past', () => {
    const definition = { ...MINUTELY, policy: { resultExpirationTime: 0, maxJobs: 2 } };
    const plan = { seenTo: FIRE_TIME + MINUTE, started: 2 };

    const lost = span(300 + 5 * MINUTE, { definition, state: { plan } });
    const rows = [settled(FIRE_TIME), settled(FIRE_TIME + MINUTE)];
    const done = span(300 + 5 * MINUTE, { definition, state: { plan }, rows });

    expect(startsOf(lost)).toEqual(['2026-11-23T09:00:00Z', '2026-11-23T09:01:00Z']);
    expect(done).toMatchObject({ gaps: [], sweptTo: NOTHING_TO_COME });
  });

  it('starts nothing where its maxJobs was lowered to what is reached', () => {
    const definition = { ...MINUTELY, policy: { resultExpirationTime: 0, maxJobs: 2 } };

    expect(span(900, { definition, state: { plan: { started: 2 } } })).toMatchObject({
      gaps: [],
      sweptTo: NOTHING_TO_COME,
    });
  });
});

describe('decideSpan, of a pause', () => {
  const policy = { resultExpirationTime: 0, catchUpWindow: 60 };
  const definition = { ...MINUTELY, policy };
  const paused = { by: 'someone', since: FIRE_TIME };

  it('waits for whoever may catch up, then settles what it leaves out', () => {
    const decided = span(60 + 300 + MINUTE + 1, { definition, state: { paused } });

    expect(decided.gaps.map((gap) => gap.kind)).toEqual(['settle', 'settle', 'wait']);
    expect(decided.sweptTo).toBe(FIRE_TIME);
  });

  it('tells of the first hundred fire times, and looks no further while it has no end', () => {
    const told = Array.from({ length: 100 }, (_, minutes) => settled(FIRE_TIME + minutes * MINUTE));
    const later = 300 + 200 * MINUTE;

    expect(span(later, { definition, state: { paused }, rows: told })).toMatchObject({
      gaps: [],
      sweptTo: NOTHING_TO_COME,
    });
    const until = FIRE_TIME + 300 * MINUTE;
    expect(
      span(later, { definition, state: { paused: { ...paused, until } }, rows: told }).sweptTo,
    ).toBe(until);
  });

  it('that was ended is told of still, by the definition that was there then', () => {
    const state = {
      passedOver: { from: FIRE_TIME, to: FIRE_TIME + MINUTE },
      changedAt: FIRE_TIME + MINUTE,
    };
    const kindsOf = (updatedAt: number) =>
      span(1_000, { definition: { ...definition, updatedAt }, state }).gaps.map((gap) =>
        gap.kind === 'settle' ? gap.end.outcome : gap.kind,
      );

    expect(kindsOf(FIRE_TIME - MINUTE).slice(0, 3)).toEqual(['skipped', 'skipped', 'missed']);
    expect(kindsOf(FIRE_TIME + MINUTE).slice(0, 1)).toEqual(['missed']);
  });
});

describe('decideSpan, of a schedule that another starts', () => {
  const definition = { trigger: { kind: 'after', schedule: 'upstream' } };
  const sweptTo = (daysLater: number) => span(daysLater * DAY + 300, { definition }).sweptTo;

  it('looks through its last days every time, as its jobs have fire times of the other', () => {
    expect(sweptTo(3)).toBe(FIRE_TIME);
    expect(sweptTo(4)).toBe(FIRE_TIME);
    expect(sweptTo(4 + 1 / DAY)).toBe(FIRE_TIME + DAY + 1);
  });

  it('sees to a job of it that died', () => {
    const rows = [open(FIRE_TIME, { leaseUntil: FIRE_TIME + 60 })];

    expect(span(900, { definition, rows })).toMatchObject({
      gaps: [],
      overdue: [{ kind: 'take-up' }],
      sweptTo: FIRE_TIME,
    });
  });
});

describe('decideSpan, of a tombstone', () => {
  const tombstone = (rows: readonly SweptRow[]) => {
    const { state } = aSchedule({}, { sweptTo: FIRE_TIME, deletedAt: FIRE_TIME + 1 });
    const now = FIRE_TIME + 900;
    return decideSpan(
      { state, rows, to: now - 300, isWhole: true },
      { now, isAdopted: () => false },
    );
  };

  it('sees to the jobs that are left, and stays where it is, as others may be under way', () => {
    expect(tombstone([open(FIRE_TIME, { leaseUntil: FIRE_TIME + 60 })])).toMatchObject({
      overdue: [{ kind: 'take-up' }],
      sweptTo: FIRE_TIME,
    });
    expect(tombstone([settled(FIRE_TIME)]).sweptTo).toBe(FIRE_TIME);
  });
});

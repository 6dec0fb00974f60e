import { describe, expect, it } from 'vitest';
import type { Job } from '#shared/domain/job/job.ts';
import { type Evidence, findViolations } from '#test/crash/find-violations.ts';
import { aJob } from '#test/support/a-job.ts';

const FIRE_TIME = '2026-03-02T09:00:00Z';
const ID = 'plain-0001@20260302T090000Z';
const EXPECTED = { fireTimes: [FIRE_TIME], outcomes: ['success'] } as const;

const JOB = aJob({ key: { scheduleId: 'plain-0001', fireTime: FIRE_TIME } });

const KEPT: Evidence = {
  jobs: [JOB],
  runs: [{ jobId: ID, attempt: 1 }],
  objects: [],
  messages: [],
  counted: { success: 1, error: 0 },
  stored: 1,
  measured: { hour: 1, day: 1 },
  sync: 'completed',
  isDisturbed: true,
};

const KEY = 'results/1d/plain-0001/20260302T090000Z/1-owner';

const IN_BUCKET: Job['content'] = {
  kind: 'payload',
  payload: {
    key: KEY,
    bytes: 9,
    storedBytes: 9,
    sha256: '',
    encoding: 'gzip',
    type: 'application/json',
    keptUntil: FIRE_TIME,
  },
};

const { outcome: _o, content: _c, ...UNENDED } = JOB;
const { content: _n, ...WITHOUT_RESULT } = JOB;

describe('findViolations', () => {
  it('finds none where every fire time has its settled job, run once and counted once', () => {
    expect(findViolations(KEPT, EXPECTED)).toEqual([]);
  });

  it('finds a result that rollups have counted twice, or not at all, where its schedule has metrics', () => {
    const evidence = { ...KEPT, measured: { hour: 2, day: 0 } };

    expect(findViolations(evidence, EXPECTED)).toEqual([]);
    expect(findViolations(evidence, { ...EXPECTED, isMeasured: true })).toEqual([
      '1 jobs ended success, and 2 are counted by hour',
      '1 jobs ended success, and 0 are counted by day',
    ]);
  });

  it('accepts a result of an attempt that died, as a rule of the bucket takes it', () => {
    expect(findViolations({ ...KEPT, objects: [KEY] }, EXPECTED)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    [
      'a job that is not there',
      { jobs: [], counted: {}, stored: 0 },
      /expected jobs of .*, got none/,
    ],
    [
      'a job too many',
      {
        jobs: [JOB, { ...JOB, id: 'x', key: { ...JOB.key, fireTime: '2026-03-02T09:07:00Z' } }],
        runs: [...KEPT.runs, { jobId: 'x', attempt: 1 }],
        counted: { success: 2 },
        stored: 2,
      },
      /expected jobs of/,
    ],
    [
      'a job that still runs',
      { jobs: [{ ...UNENDED, state: 'running' }], counted: {}, stored: 0 },
      /running/,
    ],
    [
      'an end that its scenario does not allow',
      { jobs: [{ ...JOB, outcome: 'missed' }], counted: { missed: 1 } },
      /ended missed/,
    ],
    ['a success without its result', { jobs: [WITHOUT_RESULT], stored: 0 }, /lost its result/],
    ['a pointer to nothing', { jobs: [{ ...JOB, content: IN_BUCKET }] }, /which is not there/],
    ['an attempt that ran twice', { runs: [...KEPT.runs, ...KEPT.runs] }, /ran at 1, 1/],
    ['a success that never ran', { runs: [] }, /ran at none/],
    ['an attempt that nobody counts', { runs: [...KEPT.runs, { jobId: ID, attempt: 2 }] }, /1, 2/],
    ['an end that waits for ever', { objects: ['unsettled/plain-0001/x/1-a'] }, /is left/],
    ['a message in a queue', { messages: ['Starts: {}'] }, /a message is left/],
    ['a job counted twice', { counted: { success: 2 } }, /1 jobs ended success, and 2/],
    ['a result counted twice', { stored: 2 }, /1 results are stored, and 2/],
    ['a schedule that EventBridge does not follow', { sync: 'pending' }, /pending/],
    ['a fault that nothing met', { isDisturbed: false }, /nothing went wrong/],
  ])('finds %s', (_, changes, what) => {
    const found = findViolations({ ...KEPT, ...changes }, EXPECTED);

    expect(found).toEqual([expect.stringMatching(what)]);
  });

  it('wants nothing left of a job that has expired but its place in the sums', () => {
    const expected = { ...EXPECTED, fireTimes: [], expired: 1 };
    const gone = { ...KEPT, jobs: [], runs: [], stored: 0 };

    expect(findViolations(gone, expected)).toEqual([]);
    expect(findViolations({ ...gone, objects: [KEY] }, expected)).toEqual([`${KEY} is left`]);
    expect(findViolations({ ...gone, counted: {} }, expected)).toEqual([
      '1 jobs ended, and 0 were counted',
    ]);
  });

  it('finds a job that was kept from running though nothing is in its way', () => {
    const evidence = { ...KEPT, jobs: [aJob({ ...JOB, outcome: 'error' })], counted: { error: 1 } };
    const expected = { ...EXPECTED, outcomes: ['error'], unhindered: FIRE_TIME } as const;

    expect(findViolations(evidence, expected)).toEqual([
      expect.stringMatching(/was kept from running/),
    ]);
  });

  it('finds that no job was let in', () => {
    const { content: _, ...skipped } = aJob({ ...JOB, outcome: 'skipped', attempt: 0 });
    const evidence = { ...KEPT, jobs: [skipped], runs: [], counted: { skipped: 1 }, stored: 0 };

    expect(findViolations(evidence, { ...EXPECTED, outcomes: ['skipped'] })).toEqual([
      'every job was left out',
    ]);
  });

  it('finds an attempt that a fault has cost where it must cost none', () => {
    const evidence = {
      ...KEPT,
      jobs: [{ ...JOB, attempt: 2 }],
      runs: [...KEPT.runs, { jobId: ID, attempt: 2 }],
    };

    expect(findViolations(evidence, EXPECTED)).toEqual([]);
    expect(findViolations(evidence, { ...EXPECTED, attempts: [1] })).toEqual([
      'expected 1 attempts, got 2',
    ]);
  });
});

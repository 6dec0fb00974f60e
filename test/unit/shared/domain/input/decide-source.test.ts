import { describe, expect, it } from 'vitest';
import { decideSource } from '#shared/domain/input/decide-source.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** A second after the job's finish. */
const NOW = FIRE_TIME + 3;
const FILE: ResultContent = {
  kind: 'payload',
  payload: {
    key: 'results/1d/a',
    bytes: 11,
    storedBytes: 11,
    sha256: 'ab'.repeat(32),
    type: 'application/pdf',
    keptUntil: '2026-11-24T09:00:05Z',
  },
};
const { content: _, ...unkept } = aJob({ resultState: 'off' });

describe('decideSource', () => {
  it('takes a result that is kept, whatever its age where none is named', () => {
    expect(decideSource({}, aJob(), NOW)).toEqual({ isReadable: true });
  });

  it('takes one that is just as old as it may be', () => {
    expect(decideSource({ maxAgeSeconds: 1 }, aJob(), NOW)).toEqual({ isReadable: true });
  });

  it('finds an older one stale, though it can be read', () => {
    expect(decideSource({ maxAgeSeconds: 1 }, aJob(), NOW + 1)).toEqual({
      isReadable: true,
      stale: 'daily-sales@20261123T090000Z, which is 2 s old and may be 1 s',
    });
  });

  it.each<[string, Job | undefined, string]>([
    ['no job', undefined, 'no such job'],
    [
      'one that has not settled',
      aRunningJob(),
      'daily-sales@20261123T090000Z, which is still running',
    ],
    [
      'one that failed',
      aJob({ outcome: 'error' }),
      'daily-sales@20261123T090000Z, which ended as error',
    ],
    ['one without a result', unkept, 'daily-sales@20261123T090000Z, whose result was not stored'],
    [
      'one that returned a file',
      aJob({ content: FILE }),
      'daily-sales@20261123T090000Z, whose result is a file, of which an input can take nothing',
    ],
    [
      'one whose result has expired',
      aJob({ resultExpiresAt: NOW }),
      'daily-sales@20261123T090000Z, whose result expired at 2026-11-23T09:00:03Z',
    ],
  ])('finds nothing to read where there is %s', (_name, job, stale) => {
    expect(decideSource({}, job, NOW)).toEqual({ isReadable: false, stale });
  });
});

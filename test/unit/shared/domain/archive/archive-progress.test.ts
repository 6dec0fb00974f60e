import { describe, expect, it } from 'vitest';
import {
  type ArchiveProgress,
  daysToArchive,
  decideShard,
} from '#shared/domain/archive/archive-progress.ts';

const at = (text: string) => Date.parse(text) / 1_000;

describe('daysToArchive', () => {
  it('are the last three days that ended an hour ago or more, oldest first', () => {
    expect(daysToArchive(at('2026-11-24T00:59:59Z'))).toEqual(['2026-11-21', '2026-11-22']);
    expect(daysToArchive(at('2026-11-24T01:00:00Z'))).toEqual([
      '2026-11-21',
      '2026-11-22',
      '2026-11-23',
    ]);
  });
});

describe('decideShard', () => {
  const progress = (changes: Partial<ArchiveProgress>): ArchiveProgress => ({
    day: '2026-11-23',
    shard: 7,
    step: 3,
    phase: 'writing',
    chunks: 1,
    entries: 10,
    ...changes,
  });
  const now = at('2026-11-24T13:41:00Z');

  it.each([
    ['writes what is not whole', {}, 'write'],
    ['leaves alone what another holds', { leaseUntil: now + 1 }, 'held'],
    ['takes what another held that is dead', { leaseUntil: now }, 'write'],
    ['leaves alone what was written today', { phase: 'written' }, 'done'],
    ['leaves alone what was counted again', { phase: 'checked' }, 'done'],
  ] as const)('%s', (_, changes, expected) => {
    expect(decideShard(progress(changes), now)).toBe(expected);
  });

  it('counts what was written again when a day has passed since it could be', () => {
    const written = progress({ phase: 'written' });

    expect(decideShard(written, at('2026-11-25T00:59:59Z'))).toBe('done');
    expect(decideShard(written, at('2026-11-25T01:00:00Z'))).toBe('recount');
  });
});

import { describe, expect, it } from 'vitest';
import { decideCount, markOf } from '#shared/domain/usage/decide-count.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;

describe('decideCount', () => {
  it('begins a round where there was none, and rests until a day after it began', () => {
    expect(decideCount(undefined, 7, FIRE_TIME)).toEqual({ kind: 'count', roundAt: FIRE_TIME });
    const ended = { roundAt: FIRE_TIME, mark: 7 };
    expect(decideCount(ended, 7, FIRE_TIME + DAY - 1)).toEqual({ kind: 'rest' });
    expect(decideCount(ended, 7, FIRE_TIME + DAY)).toEqual({
      kind: 'count',
      roundAt: FIRE_TIME + DAY,
    });
  });

  it('goes on with a round that has not ended, however long it takes', () => {
    const open = { roundAt: FIRE_TIME, mark: 7, after: 's0999' };

    expect(decideCount(open, 7, FIRE_TIME + 2 * DAY)).toEqual({
      kind: 'count',
      roundAt: FIRE_TIME,
      after: 's0999',
    });
  });

  it('begins anew at once where the budgets are other ones', () => {
    expect(decideCount({ roundAt: FIRE_TIME, mark: 7, after: 's1' }, 8, FIRE_TIME + 300)).toEqual({
      kind: 'count',
      roundAt: FIRE_TIME + 300,
    });
  });
});

describe('markOf', () => {
  it('is another for another limit, scope, measure or answer', () => {
    const marks = [
      [aBudget()],
      [aBudget({ limit: 1 })],
      [aBudget({ scope: 'tag:team:sales' })],
      [aBudget({ measure: 'microdollars' })],
      [aBudget({ onExceeded: 'warn' })],
      [aBudget(), aBudget({ scope: 'tag:team:sales' })],
    ].map(markOf);

    expect(new Set(marks).size).toBe(6);
    expect(markOf([aBudget()])).toBe(marks[0]);
  });
});

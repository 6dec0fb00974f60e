import { describe, expect, it } from 'vitest';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { type Edge, type EdgeChange, edgeChange } from '#shared/domain/schedule/edge.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const native = aDefinition({ scheduleId: 'b' });
const following = (schedule: string, outcome?: string) =>
  aDefinition({
    scheduleId: 'b',
    trigger: { kind: 'after', schedule, ...(outcome !== undefined && { outcome }) },
    updatedAt: FIRE_TIME,
  });
type Written = ScheduleDefinition | undefined;

const edge = (upstreamId: string, outcome: Outcome = 'success'): Edge => ({
  upstreamId,
  dependentId: 'b',
  outcomes: [outcome],
  since: FIRE_TIME,
});

describe('edgeChange', () => {
  it.each<[string, Written, Written, EdgeChange]>([
    ['a new schedule with fire times', undefined, native, {}],
    ['a new dependent', undefined, following('a'), { put: edge('a') }],
    ['a schedule that becomes dependent', native, following('a'), { put: edge('a') }],
    ['a dependent whose trigger stays', following('a'), following('a', 'success'), {}],
    ['another outcome', following('a'), following('a', 'error'), { put: edge('a', 'error') }],
    [
      'another schedule upstream',
      following('a'),
      following('c'),
      { put: edge('c'), removed: { upstreamId: 'a', dependentId: 'b' } },
    ],
    [
      'a dependent that gets fire times',
      following('a'),
      native,
      { removed: { upstreamId: 'a', dependentId: 'b' } },
    ],
    [
      'a dependent that is deleted',
      following('a'),
      undefined,
      { removed: { upstreamId: 'a', dependentId: 'b' } },
    ],
    ['another schedule that is deleted', native, undefined, {}],
  ])('follows %s', (_, ...[before, written, change]) => {
    expect(edgeChange(before, written)).toEqual(change);
  });
});

import { describe, expect, it } from 'vitest';
import {
  decideUpstream,
  MOST_UPSTREAM,
  type UpstreamLink,
} from '#shared/domain/schedule/decide-upstream.ts';

const link = (scheduleId: string, schedule?: string): UpstreamLink =>
  schedule === undefined
    ? { scheduleId, trigger: { kind: 'cron', expression: '@daily' } }
    : { scheduleId, trigger: { kind: 'after', schedule } };
const written = { scheduleId: 'a', trigger: { kind: 'after', schedule: 'b' } };

/** Walks s0 after s1 after s2 … for so many schedules. */
const chain = (length: number) => Array.from({ length }, (_, at) => link(`s${at}`, `s${at + 1}`));

describe('decideUpstream', () => {
  it('reads nothing for a schedule with fire times of its own', () => {
    const timed = { scheduleId: 'a', trigger: { kind: 'cron', expression: '@daily' } };

    expect(decideUpstream(timed, [])).toEqual({ kind: 'sound' });
  });

  it('reads on, from each schedule to the one that it comes after', () => {
    expect(decideUpstream(written, [])).toEqual({ kind: 'read', scheduleId: 'b' });
    expect(decideUpstream(written, [link('b', 'c')])).toEqual({ kind: 'read', scheduleId: 'c' });
  });

  it.each([
    ['one that no other starts', link('c')],
    ['one that is not there', { scheduleId: 'c' }],
  ])('ends at %s', (_, last) => {
    expect(decideUpstream(written, [link('b', 'c'), last])).toEqual({ kind: 'sound' });
  });

  it('refuses a schedule that comes after itself', () => {
    const self = { scheduleId: 'a', trigger: { kind: 'after', schedule: 'a' } };

    expect(decideUpstream(self, [])).toEqual({
      kind: 'refused',
      fault: {
        pointer: '/schedule',
        code: 'trigger.cycle',
        detail: 'Expected schedules not to start each other in a circle, got a → a',
      },
    });
  });

  it('refuses a circle, and names its schedules in the order in which they would start each other', () => {
    expect(decideUpstream(written, [link('b', 'c'), link('c', 'a')])).toMatchObject({
      fault: {
        code: 'trigger.cycle',
        detail: 'Expected schedules not to start each other in a circle, got a → c → b → a',
      },
    });
  });

  it('refuses a way that is longer than its bound, and takes one that is just as long', () => {
    const first = { scheduleId: 'a', trigger: { kind: 'after', schedule: 's0' } };
    const longest = chain(MOST_UPSTREAM - 1);

    expect(decideUpstream(first, [...longest, link('end')])).toEqual({ kind: 'sound' });
    expect(decideUpstream(first, chain(MOST_UPSTREAM))).toMatchObject({
      kind: 'refused',
      fault: { pointer: '/schedule', code: 'trigger.too-deep' },
    });
  });
});

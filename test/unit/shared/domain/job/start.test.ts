import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import { deliverByOf, keyOfStart, serializeStart } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

describe('serializeStart', () => {
  it('leaves EventBridge nothing to replace in what users wrote, and is read back the same', () => {
    const anyInput = fc.oneof(
      fc.jsonValue(),
      fc.string().map((text) => ({ [`<aws.scheduler.${text}>`]: `<${text}` })),
    );

    fc.assert(
      fc.property(anyInput, anyInput, (input, note) => {
        const start = aStart({ input, metadata: { note } });

        const text = serializeStart(start);

        expect(text).not.toContain('<');
        // `-0` is no JSON: it is written as 0.
        expect(parseStart(JSON.parse(text))).toEqual({
          kind: 'start',
          start: JSON.parse(JSON.stringify(start)),
        });
      }),
    );
  });

  it('writes an input that is absent as null', () => {
    expect(serializeStart(aStart({ input: undefined }))).toContain('"input":null');
  });
});

describe('deliverByOf', () => {
  it.each([
    ['an hour after the fire time', {}, 3_600],
    ['by the window of the policy', { policy: { resultExpirationTime: 0, catchUpWindow: 90 } }, 90],
    ['as the start says', { deliverBy: '2026-11-23T09:00:07Z' }, 7],
    [
      'of a manual job from its time',
      { fireTime: `2026-11-23T09:00:00Z~${'0'.repeat(26)}` },
      3_600,
    ],
  ])('is %s', (_, changes, seconds) => {
    expect(deliverByOf(aStart(changes))).toBe(FIRE_TIME + seconds);
  });

  it('refuses a start whose time EventBridge has not filled in', () => {
    const start = aStart({ fireTime: '<aws.scheduler.scheduled-time>' });

    expect(() => deliverByOf(start)).toThrow(RangeError);
  });
});

describe('keyOfStart', () => {
  it('is the schedule and the fire time', () => {
    expect(keyOfStart(aStart())).toEqual({
      scheduleId: 'daily-sales',
      fireTime: '2026-11-23T09:00:00Z',
    });
  });
});

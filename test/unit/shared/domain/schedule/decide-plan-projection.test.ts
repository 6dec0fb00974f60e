import { describe, expect, it } from 'vitest';
import { decidePlanProjection } from '#shared/domain/schedule/decide-plan-projection.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const ADVANCE = { kind: 'advance', scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };

const decide = (secondsBefore: number) =>
  decidePlanProjection(
    aDefinition({ policy: { resultExpirationTime: 0, catchUpWindow: 600 } }),
    { nextFireTime: FIRE_TIME, started: 0 },
    FIRE_TIME - secondsBefore,
  );

describe('decidePlanProjection', () => {
  it('has EventBridge hold one at() from 90 seconds before on, with the fire time in its input', () => {
    const projection = decide(90);

    expect(projection).toEqual({
      kind: 'schedule',
      schedule: {
        name: 'daily-sales',
        expression: 'at(2026-11-23T09:00:00)',
        timeZone: 'UTC',
        input: JSON.stringify(ADVANCE),
        maximumEventAgeSeconds: 600,
      },
    });
  });

  it.each([89, 0, -100_000])('has the starts queue tell of it %i seconds before', (seconds) => {
    expect(decide(seconds)).toEqual({ kind: 'queue', advance: ADVANCE, notBefore: FIRE_TIME });
  });

  it('leaves nothing in EventBridge at the end', () => {
    expect(decidePlanProjection(aDefinition(), { started: 3 }, FIRE_TIME)).toEqual({
      kind: 'nothing',
    });
  });
});

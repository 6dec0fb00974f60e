import { describe, expect, it } from 'vitest';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import {
  decideProjection,
  type ProjectedSchedule,
} from '#shared/domain/schedule/decide-projection.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

function scheduleOf(definition: ScheduleDefinition, now = FIRE_TIME): ProjectedSchedule {
  const projection = decideProjection(definition, now);
  if (projection.kind !== 'schedule')
    throw new Error(`Expected a schedule, got ${projection.kind}.`);
  return projection.schedule;
}

const cron = (more: Record<string, unknown>) => ({
  trigger: { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'UTC', ...more },
});

describe('decideProjection', () => {
  it('has EventBridge send the start of a regular firing, its time filled in by EventBridge', () => {
    const schedule = scheduleOf(
      aDefinition({ input: { html: '<b>' }, metadata: { note: '<i>' }, revision: 4 }),
    );

    expect(schedule).toMatchObject({
      name: 'daily-sales',
      expression: 'cron(0 9 * * ? *)',
      timeZone: 'UTC',
      task: 'sales-report',
      maximumEventAgeSeconds: 3_600,
    });
    expect(schedule.input.match(/<[^>]*>/g)).toEqual(['<aws.scheduler.scheduled-time>']);
    const delivered = schedule.input.replace(/<[^>]*>/, '2026-11-24T09:00:00Z');
    expect(parseStart(JSON.parse(delivered))).toEqual({
      kind: 'start',
      start: {
        v: 1,
        scheduleId: 'daily-sales',
        fireTime: '2026-11-24T09:00:00Z',
        revision: 4,
        attempt: 1,
        task: 'sales-report',
        input: { html: '<b>' },
        policy: { resultExpirationTime: 3_600 },
        metadata: { note: '<i>' },
      },
    });
  });

  it('writes the fire time of `once` itself, to the second', () => {
    const trigger = { kind: 'once', at: '2026-11-23T12:00:30+01:00' };

    const { expression, input } = scheduleOf(aDefinition({ trigger }));

    expect(expression).toBe('at(2026-11-23T11:00:30)');
    expect(JSON.parse(input)).toMatchObject({ fireTime: '2026-11-23T11:00:30Z' });
  });

  it('lets EventBridge try for as long as a start may be late', () => {
    const policy = { resultExpirationTime: 0, catchUpWindow: 120 };

    expect(scheduleOf(aDefinition({ policy })).maximumEventAgeSeconds).toBe(120);
  });

  it('gives a start to come, and none that has passed, which EventBridge would refuse', () => {
    const definition = aDefinition(cron({ startAt: '2026-11-23T10:00:00Z' }));

    expect(scheduleOf(definition).startDate).toBe(FIRE_TIME + 3_600);
    expect(scheduleOf(definition, FIRE_TIME + 3_600)).not.toHaveProperty('startDate');
  });

  it('gives the end', () => {
    const definition = aDefinition(cron({ endAt: '2026-11-25T09:00:00Z' }));

    expect(scheduleOf(definition).endDate).toBe(FIRE_TIME + 2 * 86_400);
  });

  it('counts an interval from its anchor', () => {
    const definition = aDefinition({
      trigger: { kind: 'interval', every: '15m' },
      anchorAt: FIRE_TIME + 120,
    });

    expect(scheduleOf(definition).expression).toBe('cron(2/15 * * * ? *)');
  });

  it.each([
    ['`once` has passed', { trigger: { kind: 'once', at: '2026-11-23T09:00:00Z' } }],
    ['the end has passed', cron({ endAt: '2026-11-23T09:00:00Z' })],
  ])('has EventBridge hold nothing where %s', (_, changes) => {
    expect(decideProjection(aDefinition(changes), FIRE_TIME)).toEqual({ kind: 'nothing' });
  });

  it('says why EventBridge cannot hold a trigger, rather than stop at it', () => {
    const trigger = { kind: 'interval', every: '7m' };

    expect(decideProjection(aDefinition({ trigger }), FIRE_TIME)).toEqual({
      kind: 'impossible',
      reason: expect.stringContaining('fits no UTC cron'),
    });
  });
});

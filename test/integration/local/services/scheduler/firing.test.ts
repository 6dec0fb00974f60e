import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import {
  aScheduleRequest,
  FUNCTION_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const TIME_INPUT = {
  Arn: FUNCTION_ARN,
  RoleArn: ROLE_ARN,
  Input: '"<aws.scheduler.scheduled-time>"',
};

async function create(served: ServedScheduler, overrides: Partial<CreateScheduleCommandInput>) {
  await served.client.send(new CreateScheduleCommand(aScheduleRequest(overrides)));
}

async function update(served: ServedScheduler, overrides: Partial<CreateScheduleCommandInput>) {
  await served.client.send(new UpdateScheduleCommand(aScheduleRequest(overrides)));
}

function times(served: ServedScheduler): string[] {
  return served.deliveries.map(({ at }) => at);
}

function exists(served: ServedScheduler, Name = 'nightly'): Promise<boolean> {
  return served.client.send(new GetScheduleCommand({ Name })).then(
    () => true,
    () => false,
  );
}

describe('a rate', () => {
  it('fires at once and then at its interval, on the second in which it was made', async () => {
    await using served = await serveScheduler({ now: '2026-01-01T00:00:07.600Z' });
    await create(served, { ScheduleExpression: 'rate(5 minutes)' });

    await served.advanceTo('2026-01-01T00:10:07Z');

    expect(times(served)).toEqual([
      '2026-01-01T00:00:07.600Z',
      '2026-01-01T00:05:07Z',
      '2026-01-01T00:10:07Z',
    ]);
  });

  it('fires first at its StartDate, and last at its EndDate', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'rate(1 hour)',
      StartDate: new Date('2026-01-01T06:30:00Z'),
      EndDate: new Date('2026-01-01T08:30:00Z'),
    });

    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(times(served)).toEqual([
      '2026-01-01T06:30:00Z',
      '2026-01-01T07:30:00Z',
      '2026-01-01T08:30:00Z',
    ]);
    expect(await exists(served)).toBe(true);
  });

  it('fires for a StartDate that has just passed, and keeps its phase', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'rate(1 hour)',
      StartDate: new Date('2025-12-31T23:57:00Z'),
    });

    await served.advanceTo('2026-01-01T01:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:57:00Z']);
  });

  it('counts anew from an update', async () => {
    await using served = await serveScheduler();
    await create(served, { ScheduleExpression: 'rate(1 hour)' });
    await served.advanceTo('2026-01-01T00:20:00Z');
    await update(served, { ScheduleExpression: 'rate(1 hour)', Description: 'changed' });

    await served.advanceTo('2026-01-01T01:30:00Z');

    expect(times(served)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:20:00Z',
      '2026-01-01T01:20:00Z',
    ]);
  });

  it('does not fire a StartDate again that has fired', async () => {
    await using served = await serveScheduler();
    const rate = {
      ScheduleExpression: 'rate(1 hour)',
      StartDate: new Date('2026-01-01T00:01:00Z'),
    };
    await create(served, rate);
    await served.advanceTo('2026-01-01T00:03:00Z');
    await update(served, { ...rate, Description: 'changed' });

    await served.advanceTo('2026-01-01T01:01:00Z');

    expect(times(served)).toEqual(['2026-01-01T00:01:00Z', '2026-01-01T01:01:00Z']);
  });

  it('waits one interval, keeps its phase over updates, and skips a passed start where AWS is set to', async () => {
    await using served = await serveScheduler({
      undocumented: {
        firstRateFiring: 'after-one-interval',
        ratePhaseAfterUpdate: 'from-creation',
        justPassedStartDate: 'next-in-phase',
      },
    });
    await create(served, { ScheduleExpression: 'rate(1 hour)' });
    await create(served, {
      Name: 'started',
      ScheduleExpression: 'rate(1 hour)',
      StartDate: new Date('2025-12-31T23:57:00Z'),
    });
    await served.advanceTo('2026-01-01T00:20:00Z');
    await update(served, { ScheduleExpression: 'rate(1 hour)', Description: 'changed' });

    await served.advanceTo('2026-01-01T02:00:00Z');

    expect(times(served)).toEqual([
      '2026-01-01T00:57:00Z',
      '2026-01-01T01:00:00Z',
      '2026-01-01T01:57:00Z',
      '2026-01-01T02:00:00Z',
    ]);
  });
});

describe('a cron', () => {
  it('fires at its wall-clock times, over a clock change', async () => {
    await using served = await serveScheduler({ now: '2026-03-28T00:00:00Z' });
    await create(served, {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Zurich',
      Target: TIME_INPUT,
    });

    await served.advanceTo('2026-03-31T00:00:00Z');

    expect(served.deliveries.map(({ at, body }) => [at, body])).toEqual([
      ['2026-03-28T01:30:00Z', '"2026-03-28T01:30:00Z"'],
      ['2026-03-30T00:30:00Z', '"2026-03-30T00:30:00Z"'],
    ]);
  });

  it('does not fire for the very instant at which it is made', async () => {
    await using served = await serveScheduler({ now: '2026-01-01T02:00:00Z' });
    await create(served, {});

    await served.advanceTo('2026-01-02T02:00:00Z');

    expect(times(served)).toEqual(['2026-01-02T02:00:00Z']);
  });

  it('fires on StartDate and EndDate themselves', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'cron(0 * * * ? *)',
      StartDate: new Date('2026-01-01T05:00:00Z'),
      EndDate: new Date('2026-01-01T06:00:00Z'),
    });

    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T05:00:00Z', '2026-01-01T06:00:00Z']);
  });

  it('does not catch up what passed while it was disabled', async () => {
    await using served = await serveScheduler();
    await create(served, { State: 'DISABLED' });
    await served.advanceTo('2026-01-03T12:00:00Z');
    await update(served, { State: 'ENABLED' });

    await served.advanceTo('2026-01-04T12:00:00Z');

    expect(times(served)).toEqual(['2026-01-04T02:00:00Z']);
  });

  it('stops when an update disables it', async () => {
    await using served = await serveScheduler();
    await create(served, {});
    await served.advanceTo('2026-01-01T12:00:00Z');
    await update(served, { State: 'DISABLED' });

    await served.advanceTo('2026-01-05T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T02:00:00Z']);
  });

  it('goes on when an update moves its EndDate away', async () => {
    await using served = await serveScheduler();
    await create(served, { EndDate: new Date('2026-01-01T12:00:00Z') });
    await served.advanceTo('2026-01-05T12:00:00Z');
    await update(served, {});

    await served.advanceTo('2026-01-06T12:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T02:00:00Z', '2026-01-06T02:00:00Z']);
  });

  it('stops when it is deleted', async () => {
    await using served = await serveScheduler();
    await create(served, {});
    await served.advanceTo('2026-01-01T12:00:00Z');
    await served.client.send(new DeleteScheduleCommand({ Name: 'nightly' }));

    await served.advanceTo('2026-01-05T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T02:00:00Z']);
  });

  it('is sent later than its time, but within a minute, where AWS is set to', async () => {
    await using served = await serveScheduler({ undocumented: { deliveryDelayMs: 59_000 } });
    await create(served, { Target: TIME_INPUT });

    await served.advanceTo('2026-01-01T12:00:00Z');

    expect(served.deliveries).toEqual([
      { at: '2026-01-01T02:00:59Z', arn: FUNCTION_ARN, body: '"2026-01-01T02:00:00Z"' },
    ]);
  });
});

describe('an at()', () => {
  it('fires once, at its wall-clock time to the second, and stays', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'at(2026-01-01T09:30:15)',
      ScheduleExpressionTimezone: 'Asia/Kolkata',
      StartDate: new Date('2027-01-01T00:00:00Z'),
      Target: TIME_INPUT,
    });

    await served.advanceTo('2026-06-01T00:00:00Z');

    expect(served.deliveries).toEqual([
      { at: '2026-01-01T04:00:15Z', arn: FUNCTION_ARN, body: '"2026-01-01T04:00:15Z"' },
    ]);
    const schedule = await served.client.send(new GetScheduleCommand({ Name: 'nightly' }));
    expect(schedule.State).toBe('ENABLED');
  });

  it('fires at once when it has passed, and speaks of the time that it was given', async () => {
    await using served = await serveScheduler();
    await create(served, { ScheduleExpression: 'at(2020-01-01T00:00:00)', Target: TIME_INPUT });

    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(served.deliveries).toEqual([
      { at: '2026-01-01T00:00:00Z', arn: FUNCTION_ARN, body: '"2020-01-01T00:00:00Z"' },
    ]);
  });

  it('never fires when it has passed where AWS is set to', async () => {
    await using served = await serveScheduler({ undocumented: { pastAt: 'never-fire' } });
    await create(served, { ScheduleExpression: 'at(2020-01-01T00:00:00)' });

    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(served.deliveries).toEqual([]);
  });

  it('stays silent through updates after it has fired, or passed while disabled', async () => {
    await using served = await serveScheduler();
    const expression = { ScheduleExpression: 'at(2026-01-01T02:00:00)' };
    await create(served, expression);
    await create(served, { ...expression, Name: 'disabled', State: 'DISABLED' });
    await served.advanceTo('2026-01-01T03:00:00Z');

    await update(served, { ...expression, Description: 'changed' });
    await update(served, { ...expression, Name: 'disabled' });
    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T02:00:00Z']);
  });

  it('fires again through an update where AWS is set to', async () => {
    await using served = await serveScheduler({ undocumented: { updateOfPassedAt: 'as-past-at' } });
    await create(served, { ScheduleExpression: 'at(2026-01-01T02:00:00)' });
    await served.advanceTo('2026-01-01T03:00:00Z');

    await update(served, { ScheduleExpression: 'at(2026-01-01T02:00:00)' });
    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T02:00:00Z', '2026-01-01T03:00:00Z']);
  });

  it('fires at a new time after an update, and not at the old one', async () => {
    await using served = await serveScheduler();
    await create(served, { ScheduleExpression: 'at(2026-01-01T02:00:00)' });
    await update(served, { ScheduleExpression: 'at(2026-01-01T04:00:00)' });

    await served.advanceTo('2026-01-02T00:00:00Z');

    expect(times(served)).toEqual(['2026-01-01T04:00:00Z']);
  });
});

describe('a flexible window', () => {
  const window = { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 60 } as const;

  it('moves each firing to a second within it, the same each time for the same schedule', async () => {
    await using served = await serveScheduler();
    await using other = await serveScheduler();
    for (const one of [served, other])
      for (const Name of ['a', 'b', 'c'])
        await create(one, { Name, FlexibleTimeWindow: window, Target: TIME_INPUT });

    await served.advanceTo('2026-01-02T03:00:00Z');
    await other.advanceTo('2026-01-02T03:00:00Z');

    expect(other.deliveries).toEqual(served.deliveries);
    const waits = served.deliveries.map(
      ({ at, body }) => (Date.parse(at) - Date.parse(JSON.parse(body))) / 1000,
    );
    expect(waits).toHaveLength(6);
    expect(new Set(waits).size).toBe(6);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThan(3600);
  });

  it('keeps a firing that waits in it through an update', async () => {
    await using served = await serveScheduler();
    await create(served, { FlexibleTimeWindow: window });
    await served.advanceTo('2026-01-01T02:00:01Z');
    await update(served, { FlexibleTimeWindow: window, Description: 'changed' });

    await served.advanceTo('2026-01-01T12:00:00Z');

    expect(served.deliveries).toHaveLength(1);
  });

  it('tells the time of the firing itself where AWS is set to', async () => {
    await using served = await serveScheduler({
      undocumented: { scheduledTimeInWindow: 'actual' },
    });
    await create(served, { FlexibleTimeWindow: window, Target: TIME_INPUT });

    await served.advanceTo('2026-01-01T03:00:00Z');

    const [delivery] = served.deliveries;
    expect(delivery?.body).toBe(`"${delivery?.at}"`);
    expect(delivery?.at).not.toBe('2026-01-01T02:00:00Z');
  });
});

describe('ActionAfterCompletion DELETE', () => {
  it('deletes a one-time schedule once it has fired', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'at(2026-01-01T02:00:00)',
      ActionAfterCompletion: 'DELETE',
    });
    await served.advanceTo('2026-01-01T01:59:59Z');
    expect(await exists(served)).toBe(true);

    await served.advanceTo('2026-01-01T02:00:00Z');

    expect(await exists(served)).toBe(false);
    expect(served.deliveries).toHaveLength(1);
  });

  it('deletes a recurring schedule after the last time before its EndDate', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ActionAfterCompletion: 'DELETE',
      EndDate: new Date('2026-01-02T12:00:00Z'),
    });
    await served.advanceTo('2026-01-01T12:00:00Z');
    expect(await exists(served)).toBe(true);

    await served.advanceTo('2026-01-02T02:00:00Z');

    expect(await exists(served)).toBe(false);
  });

  it('never deletes a recurring schedule without EndDate', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ScheduleExpression: 'cron(0 2 1 1 ? 2026)',
      ActionAfterCompletion: 'DELETE',
    });

    await served.advanceTo('2027-01-01T00:00:00Z');

    expect(served.deliveries).toHaveLength(1);
    expect(await exists(served)).toBe(true);
  });
});

describe('many schedules', () => {
  it('fires ten thousand that are due at the same instant, each once', async () => {
    await using served = await serveScheduler();
    const { Name: _, ...body } = aScheduleRequest({ Target: TIME_INPUT });
    for (let index = 0; index < 10_000; index += 1)
      await served.service
        .route({
          method: 'POST',
          path: `/schedules/s-${index}`,
          query: new URLSearchParams(),
          headers: {},
          body: Buffer.from(JSON.stringify(body)),
          caller: { kind: 'operator' },
          sourceIp: '127.0.0.1',
        })
        .run();

    await served.advanceTo('2026-01-01T12:00:00Z');

    expect(served.deliveries).toHaveLength(10_000);
    expect(new Set(times(served))).toEqual(new Set(['2026-01-01T02:00:00Z']));
  });
});

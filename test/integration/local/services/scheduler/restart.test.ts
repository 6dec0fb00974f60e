import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { ServiceFault } from '#local/services/local-service.ts';
import { openState, type State } from '#local/state.ts';
import {
  aScheduleRequest,
  FUNCTION_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const Target = { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: '"<aws.scheduler.scheduled-time>"' };

async function create(served: ServedScheduler, overrides: Partial<CreateScheduleCommandInput>) {
  await served.client.send(new CreateScheduleCommand(aScheduleRequest({ Target, ...overrides })));
}

/** Lets a scheduler run on a state until an instant, then ends it. */
async function run(
  state: State,
  { from, to }: { readonly from: string; readonly to: string },
  work: (served: ServedScheduler) => Promise<void>,
): Promise<void> {
  await using served = await serveScheduler({ state, now: from });
  await work(served);
  await served.advanceTo(to);
}

describe('a scheduler that is started again', () => {
  it('still has its schedules, groups and phases', async () => {
    using state = openState();
    await run(
      state,
      { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:30:00Z' },
      async (served) => {
        await served.client.send(new CreateScheduleGroupCommand({ Name: 'reports' }));
        await create(served, { GroupName: 'reports', ScheduleExpression: 'rate(1 hour)' });
      },
    );

    await using served = await serveScheduler({ state, now: '2026-01-01T00:31:00Z' });
    await served.advanceTo('2026-01-01T01:00:00Z');

    expect(served.deliveries.map(({ body }) => body)).toEqual(['"2026-01-01T01:00:00Z"']);
    const { Schedules } = await served.client.send(new ListSchedulesCommand({}));
    expect(Schedules?.map(({ GroupName, Name }) => [GroupName, Name])).toEqual([
      ['reports', 'nightly'],
    ]);
    const { ScheduleGroups } = await served.client.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default', 'reports']);
    expect(served.log).toEqual([]);
  });

  it('drops passed times of recurring schedules, and counts them in one line', async () => {
    using state = openState();
    await run(
      state,
      { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      async (served) => {
        await create(served, { ScheduleExpression: 'rate(1 hour)' });
        await create(served, { Name: 'cron', ScheduleExpression: 'cron(*/30 * * * ? *)' });
        await create(served, { Name: 'disabled', State: 'DISABLED' });
      },
    );

    await using served = await serveScheduler({ state, now: '2026-01-01T03:10:00Z' });
    await served.advanceTo('2026-01-01T04:00:00Z');

    expect(served.log).toEqual(['scheduler: dropped 9 passed firings of 2 schedules.']);
    expect(served.deliveries.map(({ body }) => body)).toEqual([
      '"2026-01-01T03:30:00Z"',
      '"2026-01-01T04:00:00Z"',
      '"2026-01-01T04:00:00Z"',
    ]);
  });

  it('stops counting at a bound, so that a year of minutes does not hold it up', async () => {
    using state = openState();
    await run(state, { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, (served) =>
      create(served, { ScheduleExpression: 'cron(* * * * ? *)' }),
    );

    await using served = await serveScheduler({ state, now: '2027-01-01T00:00:30Z' });
    await served.advanceTo('2027-01-01T00:01:00Z');

    expect(served.log).toEqual([
      expect.stringMatching(/^scheduler: dropped at least 5000 passed firings of 1 schedules\.$/),
    ]);
    expect(served.deliveries.map(({ body }) => body)).toEqual(['"2027-01-01T00:01:00Z"']);
  });

  it('fires a passed at() at once, unless it had fired', async () => {
    using state = openState();
    await run(
      state,
      { from: '2026-01-01T00:00:00Z', to: '2026-01-01T02:30:00Z' },
      async (served) => {
        await create(served, { Name: 'fired', ScheduleExpression: 'at(2026-01-01T02:00:00)' });
        await create(served, { Name: 'missed', ScheduleExpression: 'at(2026-01-01T03:00:00)' });
      },
    );

    await using served = await serveScheduler({ state, now: '2026-01-05T00:00:00Z' });
    await served.advanceTo('2026-01-05T00:00:00Z');

    expect(served.deliveries).toEqual([
      { at: '2026-01-05T00:00:00Z', arn: FUNCTION_ARN, body: '"2026-01-01T03:00:00Z"' },
    ]);
  });

  it('goes on with retries, and deletes what completes by them', async () => {
    using state = openState();
    await run(
      state,
      { from: '2026-01-01T00:00:00Z', to: '2026-01-01T02:00:00Z' },
      async (served) => {
        served.failures.push(new ServiceFault('ThrottlingException', 'x', { status: 400 }));
        await create(served, {
          ScheduleExpression: 'at(2026-01-01T02:00:00)',
          ActionAfterCompletion: 'DELETE',
          Target: { ...Target, Input: '"<aws.scheduler.attempt-number>"' },
        });
      },
    );

    await using served = await serveScheduler({ state, now: '2026-01-01T02:10:00Z' });
    await served.advanceTo('2026-01-01T02:10:00Z');

    expect(served.deliveries.map(({ body }) => body)).toEqual(['"2"']);
    const { Schedules } = await served.client.send(new ListSchedulesCommand({}));
    expect(Schedules).toEqual([]);
  });

  it('fires nothing before it is told that its targets exist', async () => {
    using state = openState();
    await run(state, { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, (served) =>
      create(served, { ScheduleExpression: 'at(2026-01-01T02:00:00)' }),
    );
    await using served = await serveScheduler({
      state,
      now: '2026-01-01T03:00:00Z',
      isStarted: false,
    });
    await create(served, { Name: 'new', ScheduleExpression: 'rate(1 hour)' });
    await served.advanceTo('2026-01-01T03:00:10Z');
    expect(served.deliveries).toEqual([]);

    served.service.start();
    await served.advanceTo('2026-01-01T03:02:00Z');

    expect(served.deliveries.map(({ body }) => body)).toEqual([
      '"2026-01-01T02:00:00Z"',
      '"2026-01-01T03:00:00Z"',
    ]);
    expect(served.log).toEqual([]);
  });
});

describe('a scheduler whose machine slept', () => {
  it('fires what was next, and drops the rest', async () => {
    await using served = await serveScheduler();
    await create(served, { ScheduleExpression: 'cron(* * * * ? *)' });
    const advance = served.clock.advanceTo.bind(served.clock);
    // A jump in which no booking runs, as when the process is suspended.
    const realNow = served.clock.nowMs.bind(served.clock);
    served.clock.nowMs = () => realNow() + 600_000;

    await advance(Date.parse('2026-01-01T00:01:00Z'));

    expect(served.deliveries.map(({ body }) => body)).toEqual(['"2026-01-01T00:01:00Z"']);
    expect(served.log).toEqual([
      'scheduler: dropped 8 firings of arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly that were slept through.',
    ]);
  });
});

import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  paginateListSchedules,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CHOICES } from '#local/services/scheduler/undocumented-choices.ts';
import {
  aScheduleRequest,
  FUNCTION_ARN,
  QUEUE_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const GROUP_ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports';

async function create(
  served: ServedScheduler,
  overrides: Partial<CreateScheduleCommandInput> = {},
) {
  return await served.client.send(new CreateScheduleCommand(aScheduleRequest(overrides)));
}

async function get(served: ServedScheduler, Name = 'nightly') {
  const { $metadata: _, ...schedule } = await served.client.send(new GetScheduleCommand({ Name }));
  return schedule;
}

describe('GetSchedule', () => {
  it('shows what the request said and the default of everything that it left out, no more', async () => {
    await using served = await serveScheduler({ now: '2026-01-01T00:00:00.250Z' });
    await create(served, { Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN } });

    expect(await get(served)).toEqual({
      ActionAfterCompletion: 'NONE',
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
      CreationDate: new Date('2026-01-01T00:00:00.250Z'),
      FlexibleTimeWindow: { Mode: 'OFF' },
      GroupName: 'default',
      LastModificationDate: new Date('2026-01-01T00:00:00.250Z'),
      Name: 'nightly',
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
  });

  it('keeps every member, dates to the millisecond', async () => {
    await using served = await serveScheduler();
    const request = aScheduleRequest({
      ActionAfterCompletion: 'DELETE',
      Description: 'Every night.',
      StartDate: new Date('2026-02-01T00:00:00.125Z'),
      EndDate: new Date('2026-03-01T00:00:00.500Z'),
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1',
      ScheduleExpressionTimezone: 'Europe/Zurich',
      State: 'DISABLED',
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        Input: '{"a":1}',
        DeadLetterConfig: { Arn: QUEUE_ARN },
        RetryPolicy: { MaximumRetryAttempts: 2 },
      },
    });
    await served.client.send(new CreateScheduleCommand(request));

    const { ClientToken: _, ...members } = request;
    expect(await get(served)).toMatchObject({
      ...members,
      Target: {
        ...members.Target,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 2 },
      },
    });
  });

  it('shows a partial retry policy as it was given where AWS is set to', async () => {
    await using served = await serveScheduler({ undocumented: { partialRetryPolicy: 'as-given' } });
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    await create(served, { Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, RetryPolicy } });

    expect((await get(served)).Target?.RetryPolicy).toEqual(RetryPolicy);
  });
});

describe('UpdateSchedule', () => {
  it('replaces everything: what the request leaves out becomes the default again', async () => {
    await using served = await serveScheduler();
    await create(served, {
      ActionAfterCompletion: 'DELETE',
      Description: 'Every night.',
      EndDate: new Date('2026-03-01T00:00:00Z'),
      ScheduleExpressionTimezone: 'Europe/Zurich',
      State: 'DISABLED',
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        DeadLetterConfig: { Arn: QUEUE_ARN },
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    });
    await served.advanceTo('2026-01-02T00:00:00Z');

    await served.client.send(
      new UpdateScheduleCommand({
        Name: 'nightly',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN },
      }),
    );

    expect(await get(served)).toEqual({
      ActionAfterCompletion: 'NONE',
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly',
      CreationDate: new Date('2026-01-01T00:00:00Z'),
      FlexibleTimeWindow: { Mode: 'OFF' },
      GroupName: 'default',
      LastModificationDate: new Date('2026-01-02T00:00:00Z'),
      Name: 'nightly',
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      Target: {
        Arn: FUNCTION_ARN,
        RoleArn: ROLE_ARN,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
  });
});

describe('ClientToken', () => {
  it('makes a repeated creation answer as the first, within its window', async () => {
    await using served = await serveScheduler();
    const windowMs = DEFAULT_CHOICES.clientTokenWindowMs;
    const first = await create(served, { ClientToken: 'once' });

    await served.clock.advanceBy(windowMs);
    const second = await create(served, { ClientToken: 'once' });
    await served.clock.advanceBy(1);

    expect(second.ScheduleArn).toBe(first.ScheduleArn);
    await expect(create(served, { ClientToken: 'once' })).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Schedule nightly already exists.',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('refuses another request under the same token, and the same under another', async () => {
    await using served = await serveScheduler();
    await create(served, { ClientToken: 'once' });

    await expect(create(served, { ClientToken: 'once', Description: 'other' })).rejects.toThrow(
      ConflictException,
    );
    await expect(create(served, { ClientToken: 'twice' })).rejects.toThrow(
      'Schedule nightly already exists.',
    );
  });

  it('lets a schedule be created again under its token once it was deleted', async () => {
    await using served = await serveScheduler();
    await create(served, { ClientToken: 'once' });
    await served.client.send(new DeleteScheduleCommand({ Name: 'nightly' }));

    await create(served, { ClientToken: 'once' });

    expect((await get(served)).Name).toBe('nightly');
  });

  it('makes a repeated deletion succeed without deleting what was made since', async () => {
    await using served = await serveScheduler();
    await create(served);
    const deletion = new DeleteScheduleCommand({ Name: 'nightly', ClientToken: 'gone' });
    await served.client.send(deletion);
    await create(served);

    await served.client.send(deletion);

    expect((await get(served)).Name).toBe('nightly');
  });

  it('keeps a repeated update from starting a rate anew', async () => {
    await using served = await serveScheduler();
    await create(served, { ScheduleExpression: 'rate(1 hour)' });
    const update = new UpdateScheduleCommand({
      ...aScheduleRequest({ ScheduleExpression: 'rate(2 hours)' }),
      ClientToken: 'again',
    });
    await served.advanceTo('2026-01-01T00:10:00Z');
    await served.client.send(update);
    await served.advanceTo('2026-01-01T00:15:00Z');
    await served.client.send(update);

    await served.advanceTo('2026-01-01T03:00:00Z');

    expect(served.deliveries.map(({ at }) => at)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:10:00Z',
      '2026-01-01T02:10:00Z',
    ]);
  });
});

describe('ListSchedules', () => {
  it('gives summaries without expressions, filtered by group, state and beginning of the name', async () => {
    await using served = await serveScheduler();
    await served.client.send(new CreateScheduleGroupCommand({ Name: 'reports' }));
    await create(served, { Name: 'b-one', GroupName: 'reports' });
    await create(served, { Name: 'b-two', GroupName: 'reports', State: 'DISABLED' });
    await create(served, { Name: 'a', GroupName: 'reports' });
    await create(served, { Name: 'b-three' });

    const list = async (input: object) =>
      (await served.client.send(new ListSchedulesCommand(input))).Schedules ?? [];

    expect(await list({ GroupName: 'reports', NamePrefix: 'b-', State: 'ENABLED' })).toEqual([
      {
        Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/reports/b-one',
        CreationDate: new Date('2026-01-01T00:00:00Z'),
        GroupName: 'reports',
        LastModificationDate: new Date('2026-01-01T00:00:00Z'),
        Name: 'b-one',
        State: 'ENABLED',
        Target: { Arn: FUNCTION_ARN },
      },
    ]);
    expect((await list({})).map(({ Name }) => Name)).toEqual(['b-three', 'a', 'b-one', 'b-two']);
  });

  it('gives each schedule once over all pages, while others come and go', async () => {
    await using served = await serveScheduler();
    for (const Name of ['a', 'b', 'c', 'd', 'e']) await create(served, { Name });
    const names: (string | undefined)[] = [];

    for await (const page of paginateListSchedules({ client: served.client, pageSize: 2 }, {})) {
      names.push(...(page.Schedules ?? []).map(({ Name }) => Name));
      if (names.length !== 2) continue;
      await served.client.send(new DeleteScheduleCommand({ Name: 'b' }));
      await create(served, { Name: 'aa' });
    }

    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses a token that it did not give for this list', async () => {
    await using served = await serveScheduler();
    for (const Name of ['a', 'b']) await create(served, { Name });
    const { NextToken } = await served.client.send(new ListSchedulesCommand({ MaxResults: 1 }));

    const other = new ListSchedulesCommand({ MaxResults: 1, NamePrefix: 'a', NextToken });
    const forged = new ListSchedulesCommand({ NextToken: 'forged' });

    await expect(served.client.send(other)).rejects.toThrow('Invalid NextToken.');
    await expect(served.client.send(forged)).rejects.toThrow('Invalid NextToken.');
  });

  it('gives the newest first where AWS is set to, page by page', async () => {
    await using served = await serveScheduler({ undocumented: { listOrder: 'newest-first' } });
    for (const Name of ['b', 'c', 'a']) {
      await create(served, { Name });
      await served.clock.advanceBy(1000);
    }
    const names: (string | undefined)[] = [];

    for await (const page of paginateListSchedules({ client: served.client, pageSize: 2 }, {}))
      names.push(...(page.Schedules ?? []).map(({ Name }) => Name));

    expect(names).toEqual(['a', 'c', 'b']);
  });
});

describe('schedule groups', () => {
  it('are shown, listed by name beside the default group, and tagged', async () => {
    await using served = await serveScheduler();
    const made = await served.client.send(
      new CreateScheduleGroupCommand({ Name: 'reports', Tags: [{ Key: 'team', Value: 'data' }] }),
    );
    await served.client.send(
      new TagResourceCommand({
        ResourceArn: GROUP_ARN,
        Tags: [
          { Key: 'team', Value: 'ops' },
          { Key: 'env', Value: 'dev' },
        ],
      }),
    );
    await served.client.send(
      new UntagResourceCommand({ ResourceArn: GROUP_ARN, TagKeys: ['env', 'none'] }),
    );

    const tags = await served.client.send(
      new ListTagsForResourceCommand({ ResourceArn: GROUP_ARN }),
    );
    const shown = await served.client.send(new GetScheduleGroupCommand({ Name: 'reports' }));
    const listed = await served.client.send(new ListScheduleGroupsCommand({ MaxResults: 1 }));
    const rest = await served.client.send(
      new ListScheduleGroupsCommand({ NextToken: listed.NextToken }),
    );

    expect(made.ScheduleGroupArn).toBe(GROUP_ARN);
    expect(tags.Tags).toEqual([{ Key: 'team', Value: 'ops' }]);
    expect(shown).toMatchObject({
      Arn: GROUP_ARN,
      Name: 'reports',
      State: 'ACTIVE',
      CreationDate: new Date('2026-01-01T00:00:00Z'),
      LastModificationDate: new Date('2026-01-01T00:00:00Z'),
    });
    expect(listed.ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
    expect(rest.ScheduleGroups?.map(({ Name }) => Name)).toEqual(['reports']);
    expect(rest.NextToken).toBeUndefined();
  });

  it('exist once', async () => {
    await using served = await serveScheduler();
    await served.client.send(new CreateScheduleGroupCommand({ Name: 'reports' }));

    await expect(
      served.client.send(new CreateScheduleGroupCommand({ Name: 'reports' })),
    ).rejects.toThrow('Schedule group reports already exists.');
  });

  it('take their schedules with them when they are deleted', async () => {
    await using served = await serveScheduler();
    await served.client.send(new CreateScheduleGroupCommand({ Name: 'reports' }));
    await create(served, { GroupName: 'reports' });
    await create(served, { Name: 'other' });

    await served.client.send(new DeleteScheduleGroupCommand({ Name: 'reports' }));
    await served.advanceTo('2026-01-01T02:00:00Z');

    const { Schedules } = await served.client.send(new ListSchedulesCommand({}));
    expect(Schedules?.map(({ Name }) => Name)).toEqual(['other']);
    expect(served.deliveries).toHaveLength(1);
    await expect(
      served.client.send(new GetScheduleGroupCommand({ Name: 'reports' })),
    ).rejects.toThrow('Schedule group reports does not exist.');
  });
});

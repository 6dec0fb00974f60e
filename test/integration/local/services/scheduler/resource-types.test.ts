import {
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import type { ResourceIdentity } from '#local/template/resource-type.ts';
import {
  FUNCTION_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

/** Makes a resource as the resolver of templates does. */
async function deploy(
  served: ServedScheduler,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<ResourceIdentity> {
  const found = served.service.resourceTypes.find((one) => one.type === type);
  if (!found) throw new Error(`Expected a resource type ${type}.`);
  const identity = found.identify({
    stackName: 'Almanac-dev',
    logicalId: 'Thing1A2B',
    region: 'us-east-1',
    account: '000000000000',
    property: (name) => (typeof properties[name] === 'string' ? properties[name] : undefined),
  });
  await found.create(found.properties.parse(properties), identity);
  return identity;
}

describe('AWS::Scheduler::ScheduleGroup', () => {
  it('makes a group with its tags, and gives its name and ARN', async () => {
    await using served = await serveScheduler();

    const identity = await deploy(served, 'AWS::Scheduler::ScheduleGroup', {
      Name: 'reports',
      Tags: [{ Key: 'team', Value: 'data' }],
    });

    const Arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports';
    expect(identity).toEqual({ ref: 'reports', attributes: { Arn, State: 'ACTIVE' } });
    const { Tags } = await served.client.send(new ListTagsForResourceCommand({ ResourceArn: Arn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it('names a group after stack and resource where the template does not, and keeps it on a second start', async () => {
    await using served = await serveScheduler();
    const first = await deploy(served, 'AWS::Scheduler::ScheduleGroup', {});
    await served.advanceTo('2026-01-02T00:00:00Z');

    await deploy(served, 'AWS::Scheduler::ScheduleGroup', {});

    expect(first.ref).toBe('Almanac-dev-Thing1A2B');
    const group = await served.client.send(new GetScheduleGroupCommand({ Name: first.ref }));
    expect(group.CreationDate).toEqual(new Date('2026-01-01T00:00:00Z'));
  });
});

describe('AWS::Scheduler::Schedule', () => {
  const properties = {
    Name: 'nightly',
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    EndDate: '2027-01-01T00:00:00.000Z',
    Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN },
  };

  it('makes a schedule that fires, and leaves it in its phase when it is deployed again', async () => {
    await using served = await serveScheduler();
    const identity = await deploy(served, 'AWS::Scheduler::Schedule', properties);
    await served.advanceTo('2026-01-01T00:30:00Z');
    await deploy(served, 'AWS::Scheduler::Schedule', properties);

    await served.advanceTo('2026-01-01T01:30:00Z');

    expect(identity).toEqual({
      ref: 'nightly',
      attributes: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly' },
    });
    expect(served.deliveries.map(({ at }) => at)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T01:00:00Z',
    ]);
    const schedule = await served.client.send(new GetScheduleCommand({ Name: 'nightly' }));
    expect(schedule.EndDate).toEqual(new Date('2027-01-01T00:00:00Z'));
  });

  it('becomes what a changed template says', async () => {
    await using served = await serveScheduler();
    await deploy(served, 'AWS::Scheduler::Schedule', properties);

    await deploy(served, 'AWS::Scheduler::Schedule', { ...properties, State: 'DISABLED' });

    const schedule = await served.client.send(new GetScheduleCommand({ Name: 'nightly' }));
    expect(schedule.State).toBe('DISABLED');
  });

  it('refuses a property that it does not honour', async () => {
    await using served = await serveScheduler();

    await expect(
      deploy(served, 'AWS::Scheduler::Schedule', { ...properties, Colour: 'red' }),
    ).rejects.toThrow('Colour');
  });
});

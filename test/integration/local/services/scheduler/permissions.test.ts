import { CreateScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '#local/iam/caller.ts';
import { aScheduleRequest, ROLE_ARN, serveScheduler } from '#test/support/serve-scheduler.ts';

const ARN = 'arn:aws:scheduler:us-east-1:000000000000';
const GROUP = `${ARN}:schedule-group/reports`;

/** What the service says a request needs, as `action resource`. */
async function needs(line: string, body: object = {}) {
  await using served = await serveScheduler();
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  const operation = served.service.route({
    method,
    path,
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    caller: OPERATOR,
    sourceIp: '127.0.0.1',
  });
  return {
    name: operation.name,
    needs: operation.permissions.map(({ action, resource }) => `${action} ${resource}`),
    contexts: operation.permissions.flatMap(({ context }) => (context ? [context] : [])),
  };
}

describe('what a call to the scheduler needs', () => {
  it.each([
    ['GET /schedules/a?groupName=reports', 'GetSchedule', [`${ARN}:schedule/reports/a`]],
    ['DELETE /schedules/a', 'DeleteSchedule', [`${ARN}:schedule/default/a`]],
    ['GET /schedules?ScheduleGroup=reports', 'ListSchedules', [`${ARN}:schedule/*/*`]],
    ['GET /schedule-groups', 'ListScheduleGroups', [`${ARN}:schedule-group/*`]],
    ['GET /schedule-groups/reports', 'GetScheduleGroup', [GROUP]],
    ['POST /schedule-groups/reports', 'CreateScheduleGroup', [GROUP]],
    [`GET /tags/${encodeURIComponent(GROUP)}`, 'ListTagsForResource', [GROUP]],
    [`POST /tags/${encodeURIComponent(GROUP)}`, 'TagResource', [GROUP]],
    [`DELETE /tags/${GROUP}?TagKeys=a`, 'UntagResource', [GROUP]],
  ])('is, for %s, %s on the resource', async (line, name, resources) => {
    expect(await needs(line)).toEqual({
      name,
      needs: resources.map((resource) => `scheduler:${name} ${resource}`),
      contexts: [],
    });
  });

  it.each([
    ['POST', 'CreateSchedule'],
    ['PUT', 'UpdateSchedule'],
  ])('includes, for %s of a schedule, passing the role to the service', async (method, name) => {
    const body = { GroupName: 'reports', Target: { RoleArn: ROLE_ARN } };

    expect(await needs(`${method} /schedules/a`, body)).toEqual({
      name,
      needs: [`scheduler:${name} ${ARN}:schedule/reports/a`, `iam:PassRole ${ROLE_ARN}`],
      contexts: [{ 'iam:PassedToService': 'scheduler.amazonaws.com' }],
    });
  });

  it('includes, for the deletion of a group, the deletion of its schedules', async () => {
    expect((await needs('DELETE /schedule-groups/reports')).needs).toEqual([
      `scheduler:DeleteScheduleGroup ${GROUP}`,
      `scheduler:DeleteSchedule ${ARN}:schedule/reports/*`,
    ]);
  });

  it('includes, for a group with tags, the tagging', async () => {
    const body = { Tags: [{ Key: 'a', Value: 'b' }] };

    expect((await needs('POST /schedule-groups/reports', body)).needs).toEqual([
      `scheduler:CreateScheduleGroup ${GROUP}`,
      `scheduler:TagResource ${GROUP}`,
    ]);
  });

  it('is refused with AccessDeniedException, and nothing is made', async () => {
    await using served = await serveScheduler();
    served.grants.isAllowed = (_, { action }) => action !== 'iam:PassRole';

    const refused = served.client.send(new CreateScheduleCommand(aScheduleRequest()));

    await expect(refused).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'not authorized to perform: iam:PassRole',
      $metadata: { httpStatusCode: 403 },
    });
    const { Schedules } = await served.client.send(new ListSchedulesCommand({}));
    expect(Schedules).toEqual([]);
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FUNCTION_ARN, ROLE_ARN, serveScheduler } from '#test/support/serve-scheduler.ts';

const run = promisify(execFile);
const isInstalled = spawnSync('aws', ['--version']).status === 0;

/** Calls the AWS CLI as a person would; what it prints as JSON, or its error's last line. */
async function aws(url: string, ...words: string[]): Promise<unknown> {
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = { ...process.env, ...credentials, AWS_DEFAULT_REGION: 'us-east-1' };
  const options = ['--endpoint-url', url, '--output', 'json'];
  try {
    const { stdout } = await run('aws', ['scheduler', ...words, ...options], { env });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  } catch (error) {
    return z.object({ stderr: z.string() }).parse(error).stderr.trim();
  }
}

describe.skipIf(!isInstalled)('the AWS CLI', () => {
  it('creates a schedule that fires, and reads it back', async () => {
    await using served = await serveScheduler();
    const target = JSON.stringify({
      Arn: FUNCTION_ARN,
      RoleArn: ROLE_ARN,
      Input: '{"at":"<aws.scheduler.scheduled-time>"}',
    });

    const created = await aws(
      served.url,
      'create-schedule',
      ...['--name', 'once'],
      ...['--schedule-expression', 'at(2026-01-01T00:00:30)'],
      ...['--flexible-time-window', 'Mode=OFF'],
      ...['--target', target],
    );
    const shown = await aws(served.url, 'get-schedule', '--name', 'once');
    await served.clock.advanceBy(60_000);

    expect(created).toEqual({
      ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/once',
    });
    expect(shown).toMatchObject({ Name: 'once', State: 'ENABLED', GroupName: 'default' });
    expect(served.deliveries).toEqual([
      { at: '2026-01-01T00:00:30Z', arn: FUNCTION_ARN, body: '{"at":"2026-01-01T00:00:30Z"}' },
    ]);
  });

  it('makes, tags and lists groups', async () => {
    await using served = await serveScheduler();
    const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/reports';

    await aws(served.url, 'create-schedule-group', '--name', 'reports');
    await aws(served.url, 'tag-resource', '--resource-arn', arn, '--tags', 'Key=team,Value=data');
    const tags = await aws(served.url, 'list-tags-for-resource', '--resource-arn', arn);
    const names = await aws(served.url, 'list-schedule-groups', '--query', 'ScheduleGroups[].Name');

    expect(tags).toEqual({ Tags: [{ Key: 'team', Value: 'data' }] });
    expect(names).toEqual(['default', 'reports']);
  });

  it('shows a refusal as AWS words it', async () => {
    await using served = await serveScheduler();

    const refused = await aws(served.url, 'get-schedule', '--name', 'nobody');

    expect(refused).toContain(
      'An error occurred (ResourceNotFoundException) when calling the GetSchedule operation: Schedule nobody does not exist.',
    );
  });
});

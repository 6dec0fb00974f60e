import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ENVIRONMENT as ADVANCE_SCHEDULE } from '#functions/advance-schedule/environment.ts';
import { ENVIRONMENT as ANNOUNCE_EXPIRING } from '#functions/announce-expiring/environment.ts';
import { ENVIRONMENT as ARCHIVE_JOBS } from '#functions/archive-jobs/environment.ts';
import { ENVIRONMENT as AUDIT_STORAGE } from '#functions/audit-storage/environment.ts';
import { ENVIRONMENT as FOLLOW_JOBS } from '#functions/follow-jobs/environment.ts';
import { ENVIRONMENT as PROJECT_SCHEDULES } from '#functions/project-schedules/environment.ts';
import { ENVIRONMENT as PUBLISH_EVENTS } from '#functions/publish-events/environment.ts';
import { ENVIRONMENT as RUN_BACKDATING } from '#functions/run-backdating/environment.ts';
import { ENVIRONMENT as RUN_BACKFILL } from '#functions/run-backfill/environment.ts';
import { ENVIRONMENT as SERVE_API } from '#functions/serve-api/environment.ts';
import { ENVIRONMENT as SETTLE_UNDELIVERED } from '#functions/settle-undelivered/environment.ts';
import { ENVIRONMENT as START_JOBS } from '#functions/start-jobs/environment.ts';
import { ENVIRONMENT as SWEEP } from '#functions/sweep/environment.ts';
import { TASKS } from '#infra/tasks.ts';
import { taskList } from '#shared/contracts/task-list.ts';
import { ENVIRONMENT as TASK } from '#shared/runner/environment.ts';

const run = promisify(execFile);

describe('node infra/app.ts', () => {
  let root: string;
  const first = () => join(root, 'first');
  const second = () => join(root, 'a', 'second');

  /** The second goes without CloudFormation's rules, which write nothing and take a while. Both go without an AWS account. */
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'almanac-app-'));
    await Promise.all([
      run(process.execPath, ['infra/app.ts'], { env: { CDK_OUTDIR: first() } }),
      run(process.execPath, ['infra/app.ts'], {
        env: { CDK_OUTDIR: second(), CDK_VALIDATION: 'false' },
      }),
    ]);
  });

  afterAll(() => rmSync(root, { recursive: true }));

  it('writes the same bytes again, into whatever folder it is told', () => {
    const files = (folder: string) =>
      globSync('**/*', { cwd: folder, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
        .toSorted();

    expect(files(first())).toContain('/Almanac-dev.template.json');
    expect(files(second())).toEqual(files(first()));
    for (const file of files(first()))
      expect(
        readFileSync(join(first(), file)).equals(readFileSync(join(second(), file))),
        file,
      ).toBe(true);
  });

  it('bundles a function each, all of which load with the variables of their lists', async () => {
    const names = [
      ...ADVANCE_SCHEDULE,
      ...ANNOUNCE_EXPIRING,
      ...ARCHIVE_JOBS,
      ...AUDIT_STORAGE,
      ...FOLLOW_JOBS,
      ...PROJECT_SCHEDULES,
      ...PUBLISH_EVENTS,
      ...RUN_BACKDATING,
      ...RUN_BACKFILL,
      ...SERVE_API,
      ...SETTLE_UNDELIVERED,
      ...START_JOBS,
      ...SWEEP,
      ...TASK,
    ];
    const script = `
      const modules = await Promise.all(process.argv.slice(1).map((path) => import(path)));
      console.log(JSON.stringify(modules.map(({ handler }) => typeof handler)));
    `;
    const bundles = globSync(join(first(), 'asset.*', 'index.mjs'));
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module', '--eval', script, ...bundles],
      {
        env: {
          AWS_REGION: 'us-east-1',
          ...Object.fromEntries(names.map((name) => [name, `a-${name}`])),
        },
      },
    );

    expect(JSON.parse(stdout)).toEqual(Array.from({ length: 17 }, () => 'function'));
  });

  it('writes the list of tasks beside the code of the API and of the sweep, and beside no other', () => {
    const lists = globSync(join(first(), 'asset.*', 'tasks.json'));

    expect(lists).toHaveLength(2);
    for (const list of lists) {
      const { tasks } = taskList.parse(JSON.parse(readFileSync(list, 'utf8')));
      expect(tasks.map(({ id }) => id)).toEqual(TASKS.map(({ id }) => id));
    }
  });

  it('leaves every finding acknowledged in the report that it writes', () => {
    const report = z
      .object({ pluginReports: z.array(z.unknown()) })
      .parse(JSON.parse(readFileSync(join(first(), 'validation-report.json'), 'utf8')));

    expect(report.pluginReports).toEqual([]);
  });
});

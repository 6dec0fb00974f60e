import { GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as flakyImport } from '#functions/tasks/flaky-import.ts';
import { handler as salesReport } from '#functions/tasks/sales-report.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import { defineTask, type TaskRun } from '#shared/runner/define-task.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

let jobs: JobsTable;
let storage: StorageServer;
let reader: JobReader;
let queueUrl: string;
const lines: string[] = [];

beforeAll(async () => {
  vi.useFakeTimers({ now: FIRE_TIME * 1000, toFake: ['Date'] });
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  [jobs, storage] = await Promise.all([serveJobsTable(), serveStorage()]);
  reader = createJobReader(jobs.client, JOBS_TABLE);
  await storage.makeBucket('payloads');
  const made = await storage.sqsClient.send(new CreateQueueCommand({ QueueName: 'starts' }));
  queueUrl = made.QueueUrl ?? '';
  const variables = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: jobs.server.url,
    AWS_ENDPOINT_URL_S3: storage.s3Url,
    AWS_ENDPOINT_URL_SQS: new URL(queueUrl).origin,
    JOBS_TABLE,
    SCHEDULES_TABLE: 'Schedules',
    PAYLOAD_BUCKET: 'payloads',
    STARTS_QUEUE_URL: queueUrl,
    TASK_ID: 'sales-report',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await jobs[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
});

function startOf(scheduleId: string, changes: Partial<Start> = {}): Start {
  return aStart({ scheduleId, ...changes });
}

describe('the handler of a task', () => {
  it('runs a start and keeps its result; the same start again does nothing', async () => {
    const start = startOf('small', { input: { rows: 2 } });

    const first = await salesReport(start, context);
    const second = await salesReport(start, context);

    expect(first).toEqual({ kind: 'settled', outcome: 'success', attempt: 1 });
    expect(second).toEqual({ kind: 'already-settled' });
    expect(await reader.get(jobKeyOf('small', FIRE_TIME))).toMatchObject({
      outcome: 'success',
      resultState: 'stored',
      resultExpiresAt: FIRE_TIME + 3_600,
    });
  });

  it('keeps a result of two megabytes in the bucket', async () => {
    await salesReport(startOf('large', { input: { rows: 20_000 } }), context);

    const job = await reader.get(jobKeyOf('large', FIRE_TIME));
    const payload = job?.content?.kind === 'payload' ? job.content.payload : undefined;
    expect(payload?.bytes).toBeGreaterThan(2_000_000);
    const object = await storage.s3Client.send(
      new GetObjectCommand({ Bucket: 'payloads', Key: payload?.key }),
    );
    expect(object).toMatchObject({
      ContentEncoding: 'gzip',
      ContentLength: payload?.storedBytes,
    });
  });

  it('sends the start of a retry through the queue, which then goes through', async () => {
    const retry = { maxAttempts: 2, delay: 0, factor: 1, maxDelay: 0 };
    const policy = { resultExpirationTime: 60, retry };
    const start = startOf('flaky', { input: { failOnAttempt: 1 }, policy });

    const first = await flakyImport(start, context);
    const { Messages: [message] = [] } = await storage.sqsClient.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl }),
    );
    const second = await flakyImport(JSON.parse(message?.Body ?? '{}'), context);

    expect(first).toEqual({ kind: 'retrying', attempt: 1, nextAttemptAt: FIRE_TIME });
    expect(second).toEqual({ kind: 'settled', outcome: 'success', attempt: 2 });
  });

  it('gives the function its job, and a logger whose lines carry the id of the job', async () => {
    let given: TaskRun | undefined;
    const handler = defineTask((run) => {
      given = run;
      run.logger.info('half way', { rows: 7 });
    });

    await handler(startOf('given', { input: { a: 1 }, metadata: { team: 'ops' } }), context);

    expect(given).toMatchObject({
      input: { a: 1 },
      job: {
        id: 'given@20261123T090000Z',
        scheduleId: 'given',
        task: 'sales-report',
        fireTime: '2026-11-23T09:00:00Z',
        attempt: 1,
        deadline: '2026-11-23T09:00:24.000Z',
        metadata: { team: 'ops' },
      },
    });
    const line = lines.find((text) => text.includes('half way')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      level: 'INFO',
      rows: 7,
      job: 'given@20261123T090000Z',
      requestId: 'request-1',
    });
  });

  it('logs neither inputs nor results', async () => {
    lines.length = 0;
    const handler = defineTask(() => 'the-result');

    await handler(startOf('quiet', { input: 'the-input' }), context);

    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/the-(?:input|result)/);
  });

  it('throws for an event that is no start, with all its faults', async () => {
    const call = salesReport({ ...startOf('x'), attempt: 0, task: '' }, context);

    await expect(call).rejects.toThrow(/attempt to be .* task to be /);
  });

  it('throws for a start of another task, which another function is to run', async () => {
    const call = salesReport(startOf('x', { task: 'uptime-check' }), context);

    await expect(call).rejects.toThrow(
      'Expected a start of the task sales-report, got one of uptime-check.',
    );
    expect(await reader.get(jobKeyOf('x', FIRE_TIME))).toBeUndefined();
  });
});

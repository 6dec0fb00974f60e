import { DynamoDBClient, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { parseUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { aStart } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const dynamo = mockClient(client);
const throttled = new ProvisionedThroughputExceededException({
  message: 'slow down',
  $metadata: {},
});

afterEach(() => {
  dynamo.reset();
});

describe('a throttled Jobs table', () => {
  it('leaves the end of a job in the bucket, where the claim went through and the settle did not', async () => {
    dynamo.on(PutCommand).resolves({}).on(UpdateCommand).rejects(throttled);
    const world = new RunnerWorld();

    const run = world.run(aStart(), () => 'kept', { jobs: createJobStore(client, 'Jobs') });

    await expect(run).rejects.toMatchObject({ code: 'store.unavailable', cause: throttled });
    const [text = ''] = world.unsettled.values();
    expect(parseUnsettledJob(text)?.settlement).toMatchObject({
      outcome: 'success',
      result: { content: { kind: 'text', text: '"kept"' } },
    });
  });

  it('runs nothing where the claim does not go through', async () => {
    dynamo.on(PutCommand).rejects(throttled);
    const world = new RunnerWorld();
    let runs = 0;

    const run = world.run(
      aStart(),
      () => {
        runs += 1;
      },
      { jobs: createJobStore(client, 'Jobs') },
    );

    await expect(run).rejects.toMatchObject({ code: 'store.unavailable' });
    expect([runs, world.unsettled.size]).toEqual([0, 0]);
  });
});

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '#local/synthesize.ts';
import { SCHEDULED_TIME } from '#shared/domain/job/start.ts';
import { aStart } from '#test/support/a-start.ts';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { resourceOf } from '#test/support/resource-of.ts';
import { type AwsCli, findAwsCli, openAwsCli } from '#test/support/run-aws-cli.ts';

const place = findAwsCli();

const FIRE_TIME = '2026-03-02T09:00:00Z';
const TASK = 'Almanac-dev-task-sales-report';

describe.skipIf(place === undefined)('the AWS CLI, on the local cloud', () => {
  let assembly: string;
  let play: CloudPlay;
  let cli: AwsCli;

  beforeAll(async () => {
    assembly = await synthesize();
    play = await playOnCloud({ assembly });
    cli = await openAwsCli(place ?? '', play.cloud.endpoints.region);
    await play.define({
      id: 'report',
      task: 'sales-report',
      trigger: { kind: 'cron', expression: 'cron(* * * * ? *)', endAt: FIRE_TIME },
      input: { rows: 20_000 },
      resultExpirationTime: '1d',
    });
    await play.cloud.clock.advanceTo(FIRE_TIME);
  });

  afterAll(async () => {
    await cli?.[Symbol.asyncDispose]();
    await play?.[Symbol.asyncDispose]();
    await rm(assembly, { recursive: true, force: true });
  });

  const dynamodb = (...words: string[]) =>
    cli.run(play.cloud.endpoints.dynamodb, 'dynamodb', ...words);
  const streams = (...words: string[]) =>
    cli.run(play.cloud.endpoints.dynamodb, 'dynamodbstreams', ...words);
  const scheduler = (...words: string[]) =>
    cli.run(play.cloud.endpoints.scheduler, 'scheduler', ...words);
  const s3 = (...words: string[]) => cli.run(play.cloud.endpoints.s3, ...words);
  const sqs = (...words: string[]) => cli.run(play.cloud.endpoints.sqs, 'sqs', ...words);
  const lambda = (...words: string[]) => cli.run(play.cloud.endpoints.lambda, 'lambda', ...words);

  it('queries the Jobs table, and describes it with its time to live', async () => {
    const { jobs } = play.cloud.endpoints.tables;

    const [found, described, timeToLive] = await Promise.all([
      dynamodb(
        'query',
        ...['--table-name', jobs, '--key-condition-expression', 'scheduleId = :id'],
        ...['--expression-attribute-values', '{":id":{"S":"report"}}', '--no-scan-index-forward'],
      ),
      dynamodb('describe-table', '--table-name', jobs),
      dynamodb('describe-time-to-live', '--table-name', jobs),
    ]);

    expect(found).toMatchObject({
      Count: 1,
      Items: [{ fireTime: { S: FIRE_TIME }, outcome: { S: 'success' }, attempt: { N: '1' } }],
    });
    expect(described).toMatchObject({
      Table: { TableStatus: 'ACTIVE', BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } },
    });
    expect(timeToLive).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
  });

  it('creates a schedule on the scheduler’s endpoint that fires a task', async () => {
    const role = resourceOf(play.cloud, 'AWS::IAM::Role', 'SchedulingExecutionRole');
    const fireTime = play.at(120);
    const target = {
      Arn: `arn:aws:lambda:us-east-1:000000000000:function:${TASK}`,
      RoleArn: role.attributes['Arn'],
      Input: JSON.stringify(
        aStart({
          scheduleId: 'by-cli',
          fireTime: SCHEDULED_TIME,
          task: 'sales-report',
          input: {},
        }),
      ),
    };

    const created = await scheduler(
      'create-schedule',
      ...['--name', 'by-cli', '--group-name', 'Almanac-dev'],
      ...['--schedule-expression', `at(${fireTime.slice(0, -1)})`],
      ...['--flexible-time-window', 'Mode=OFF', '--target', JSON.stringify(target)],
    );
    const listed = await scheduler('list-schedules', '--group-name', 'Almanac-dev');
    await play.cloud.clock.advanceTo(fireTime);

    expect(created).toEqual({
      ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/Almanac-dev/by-cli',
    });
    expect(listed).toMatchObject({ Schedules: [{ Name: 'by-cli', State: 'ENABLED' }] });
    expect(await play.rowsOf('by-cli')).toMatchObject([{ fireTime, outcome: 'success' }]);
  });

  it('lists the bucket, and copies a result out of it', async () => {
    const { bucket } = play.cloud.endpoints;
    const [key = ''] = await play.objectsBelow('results/1d/report/');

    const [listed, lifecycle] = await Promise.all([
      s3('s3', 'ls', '--recursive', `s3://${bucket}/`),
      s3('s3api', 'get-bucket-lifecycle-configuration', '--bucket', bucket),
      s3('s3', 'cp', `s3://${bucket}/${key}`, 'result.gz', '--only-show-errors'),
    ]);

    expect(listed).toContain(key);
    expect(lifecycle).toMatchObject({ Rules: expect.arrayContaining([expect.anything()]) });
    expect((await readFile(join(cli.home, 'result.gz'))).subarray(0, 2)).toEqual(
      Buffer.from([0x1f, 0x8b]),
    );
  });

  it('sends, receives and counts messages of a queue', async () => {
    const url = play.queueNamed('FailedBatches').ref;

    const sent = await sqs('send-message', '--queue-url', url, '--message-body', 'hello, queue');
    const received = await sqs('receive-message', '--queue-url', url);
    const counted = await sqs(
      'get-queue-attributes',
      '--queue-url',
      url,
      '--attribute-names',
      'All',
    );

    expect(sent).toMatchObject({ MessageId: expect.any(String) });
    expect(received).toMatchObject({ Messages: [{ Body: 'hello, queue' }] });
    expect(counted).toMatchObject({
      Attributes: {
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesNotVisible: '1',
      },
    });
  });

  it('lists the functions, and invokes one', async () => {
    const event = JSON.stringify(
      aStart({ scheduleId: 'invoked', fireTime: play.at(0), input: {} }),
    );

    const [listed, invoked] = await Promise.all([
      lambda('list-functions'),
      lambda(
        'invoke',
        ...['--function-name', TASK, '--cli-binary-format', 'raw-in-base64-out'],
        ...['--payload', event, 'answer.json'],
      ),
    ]);

    expect(Object(listed).Functions).toContainEqual(
      expect.objectContaining({ FunctionName: TASK, Runtime: 'nodejs24.x' }),
    );
    expect(invoked).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(JSON.parse(await readFile(join(cli.home, 'answer.json'), 'utf8'))).toEqual({
      kind: 'settled',
      outcome: 'success',
      attempt: 1,
    });
  });

  it('reads the stream of the Jobs table', async () => {
    const { jobs } = play.cloud.endpoints.tables;

    const listed = Object(await streams('list-streams', '--table-name', jobs));
    const arn = String(listed.Streams[0].StreamArn);
    const described = Object(await streams('describe-stream', '--stream-arn', arn));
    const shard = String(described.StreamDescription.Shards[0].ShardId);
    const iterator = Object(
      await streams(
        'get-shard-iterator',
        ...['--stream-arn', arn, '--shard-id', shard, '--shard-iterator-type', 'TRIM_HORIZON'],
      ),
    );
    const read = Object(
      await streams('get-records', '--shard-iterator', String(iterator.ShardIterator)),
    );

    expect(read.Records.slice(0, 2)).toMatchObject([
      { eventName: 'INSERT', dynamodb: { NewImage: { state: { S: 'running' } } } },
      { eventName: 'MODIFY', dynamodb: { NewImage: { state: { S: 'settled' } } } },
    ]);
  });
});

import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Stage } from '#local/demo/stage.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';

const EVERY_MINUTE = { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' };
const THIRD_FIRING = '2026-03-02T09:02:00Z';

/** Two of the three schedules that the demo follows to their end. */
export const REPORT = 'minute-report';
const MONITOR = 'monitor';
export const BATCH = 'large-batch';

/** Rows of a report whose JSON is about 2 MB. */
const BATCH_ROWS = 20_000;

/** Defines a report, a monitor and a batch over HTTP, and steps the clock through their three firings. */
export async function showFirings(stage: Stage): Promise<void> {
  const { cloud, narrator } = stage;
  narrator.say(
    'Defining three schedules over HTTP, each firing every minute until its third time.',
  );
  await define(stage, { id: REPORT, input: { rows: 20 }, resultExpirationTime: 3_600 });
  await define(stage, { id: MONITOR, input: { rows: 1 }, resultExpirationTime: 0 });
  await define(stage, { id: BATCH, input: { rows: BATCH_ROWS }, resultExpirationTime: '1h' });

  for (const fireTime of ['09:00', '09:01', '09:02', '09:03']) {
    await cloud.clock.advanceTo(`2026-03-02T${fireTime}:30Z`);
    const counts = await Promise.all(
      [REPORT, MONITOR, BATCH].map(async (id) => `${id} ${(await stage.rowsOf(id)).length}`),
    );
    narrator.show(`${fireTime}:30  jobs so far: ${counts.join(', ')}`);
  }
  await showReport(stage);
  await showMonitor(stage);
  await showBatch(stage);
}

async function define(
  { api, cloud, narrator }: Stage,
  schedule: { readonly id: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  const trigger = { ...EVERY_MINUTE, endAt: THIRD_FIRING };
  const { status } = await api.request('POST', '/v1/schedules', {
    body: { task: 'sales-report', trigger, ...schedule },
  });
  narrator.expect(`POST /v1/schedules ${schedule.id} answers 201`, status === 201);
  await cloud.settle();
}

async function showReport({ narrator, api, rowsOf }: Stage): Promise<void> {
  narrator.say('The report keeps each result for an hour, in the job’s own row in DynamoDB.');
  const rows = await rowsOf(REPORT);
  for (const row of rows)
    narrator.show(
      `${row['fireTime']}  ${row['outcome']}  result ${row['resultBytes']} bytes  resultExpiresAt ${instant(row['resultExpiresAt'])}  expiresAt ${row['expiresAt']}`,
    );
  narrator.expect('it fired three times, and not a fourth', rows.length === 3);
  narrator.expect(
    'every row has its TTL attribute expiresAt',
    rows.every((row) => typeof row['expiresAt'] === 'number'),
  );
  const result = await api.request('GET', `/v1/jobs/${REPORT}@20260302T090000Z/result`);
  narrator.show(`GET …/result: ${result.text.slice(0, 100)}…`);
  narrator.expect('its result is read over HTTP', result.status === 200);
}

async function showMonitor({ narrator, api, rowsOf }: Stage): Promise<void> {
  narrator.say('The monitor keeps no result: resultExpirationTime is 0.');
  const rows = await rowsOf(MONITOR);
  narrator.expect('it fired three times as well', rows.length === 3);
  narrator.expect(
    'no row holds any result',
    rows.every((row) => !('result' in row || 'resultZ' in row || 'payload' in row)),
  );
  const { status, json } = await api.request('GET', `/v1/jobs/${MONITOR}@20260302T090000Z/result`);
  narrator.show(`GET …/result: ${JSON.stringify(json)}`);
  narrator.expect('asking for its result answers 404 result.not-stored', status === 404);
}

async function showBatch({ narrator, api, cloud, s3, rowsOf }: Stage): Promise<void> {
  narrator.say('The batch returns about 2 MB: too large for an item, so S3 holds it.');
  const rows = await rowsOf(BATCH);
  const key = payloadKey(rows[0]);
  const head = await s3.send(new HeadObjectCommand({ Bucket: cloud.endpoints.bucket, Key: key }));
  narrator.show(`row  ${rows[0]?.['fireTime']}  result ${rows[0]?.['resultBytes']} bytes → ${key}`);
  narrator.show(`S3   ${head.ContentLength} bytes, ${head.ContentType}, ${head.ContentEncoding}`);
  narrator.expect(
    'its class of lifecycle is the smallest, results/1d/',
    key.startsWith('results/1d/'),
  );
  const answer = await api.request('GET', `/v1/jobs/${BATCH}@20260302T090000Z/result`);
  narrator.expect('reading it answers 303 with a presigned link', answer.status === 303);
  const linked = await fetch(answer.headers.get('location') ?? '');
  const { length } = await linked.text();
  narrator.expect(
    `the link gives the whole result (${length} bytes)`,
    linked.status === 200 && length === rows[0]?.['resultBytes'],
  );
}

/** Reads the key of the object that a row leads to; empty where there is none. */
function payloadKey(row: Readonly<Record<string, unknown>> | undefined): string {
  const { key }: { readonly key?: unknown } = Object(row?.['payload']);
  return typeof key === 'string' ? key : '';
}

function instant(seconds: unknown): string {
  return typeof seconds === 'number' ? toIso(seconds) : 'none';
}

import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { BATCH, REPORT } from '#local/demo/show-firings.ts';
import type { Stage } from '#local/demo/stage.ts';

/** Steps past the hour: reads hide the results at once, then DynamoDB deletes the rows, and with them the objects. */
export async function showExpiry(stage: Stage): Promise<void> {
  const { cloud, narrator, rowsOf } = stage;
  narrator.say('An hour later the results are hidden at once, though their rows are still there.');
  await cloud.clock.advanceTo('2026-03-02T10:03:00Z');
  for (const id of [REPORT, BATCH]) {
    const rows = await rowsOf(id);
    narrator.expect(`${id}: the rows are still in the table (${rows.length})`, rows.length === 3);
    await expectGone(stage, id);
  }
  narrator.expect('the objects are still in the bucket', (await countObjects(stage)) === 3);

  narrator.say('Then DynamoDB’s TTL deletes the rows, and the stream takes the objects with them.');
  await cloud.clock.advanceTo('2026-03-02T10:40:00Z');
  for (const id of [REPORT, BATCH]) {
    const rows = await rowsOf(id);
    narrator.expect(`${id}: no row is left (${rows.length})`, rows.length === 0);
  }
  const left = await countObjects(stage);
  narrator.expect(`no object is left (${left})`, left === 0);
}

async function expectGone({ api, narrator }: Stage, id: string): Promise<void> {
  const { status, json } = await api.request('GET', `/v1/jobs/${id}@20260302T090000Z/result`);
  const { code }: { readonly code?: unknown } = Object(json);
  narrator.expect(
    `${id}: GET …/result answers ${status} ${code}`,
    status === 410 && code === 'result.expired',
  );
}

/** Counts the payload objects. */
export async function countObjects({ s3, cloud }: Stage): Promise<number> {
  const listed = await s3.send(
    new ListObjectsV2Command({ Bucket: cloud.endpoints.bucket, Prefix: 'results/' }),
  );
  return listed.KeyCount ?? 0;
}

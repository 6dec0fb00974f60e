import { GetBucketLifecycleConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { countObjects } from '#local/demo/show-expiry.ts';
import type { Stage } from '#local/demo/stage.ts';
import { stopSweeps } from '#local/demo/stop-sweeps.ts';

/** Leaves an object behind that no row leads to, as a crash might, and lets the bucket's lifecycle find it. */
export async function showLifecycle(stage: Stage): Promise<void> {
  const { cloud, narrator, s3 } = stage;
  const { bucket } = cloud.endpoints;
  narrator.say(
    'Had a crash left an object without a row, the lifecycle rule of its class would take it.',
  );
  const { Rules = [] } = await s3.send(
    new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }),
  );
  const rule = Rules.find(({ Filter, Prefix }) => (Filter?.Prefix ?? Prefix) === 'results/1d/');
  narrator.show(`the rule of results/1d/ deletes after ${rule?.Expiration?.Days} days`);
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'results/1d/orphan/20260302T090000Z/1-x',
      Body: '{}',
    }),
  );
  await stopSweeps(stage);
  narrator.show('the sweep is stopped, as it would come 2,500 times in these days');
  await cloud.clock.advanceTo('2026-03-10T00:00:00Z');
  narrator.expect('after 7 days it is still there', (await countObjects(stage)) === 1);
  await cloud.clock.advanceTo('2026-03-11T00:00:01Z');
  narrator.expect('after the rule’s days it is gone', (await countObjects(stage)) === 0);
}

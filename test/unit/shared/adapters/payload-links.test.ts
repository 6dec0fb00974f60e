import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createPayloadLinks } from '#shared/adapters/s3/payload-links.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

describe('createPayloadLinks', () => {
  it('counts what a link holds from when it was asked for, not from when it was signed', async () => {
    const client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });

    const link = await createPayloadLinks('payloads', client).presign('results/x', 2, FIRE_TIME);

    const { searchParams } = new URL(link);
    expect(searchParams.get('X-Amz-Date')).toBe('20261123T090000Z');
    expect(searchParams.get('X-Amz-Expires')).toBe('2');
  });
});

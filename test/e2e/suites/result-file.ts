import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

const LINE_BYTES = 101;

/** Files that tasks return. Nothing else may lie in the bucket at first. */
export function resultFile(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  beforeEach(() => play.cloud.requests.reset());

  const submit = async (input: object, policies: object = {}): Promise<Row> => {
    const body = { task: 'export-file', input, ...policies };
    const { json } = await play.api.request('POST', '/v1/jobs', { body });
    await play.cloud.clock.advanceBy(30);
    return Object((await play.api.request('GET', `/v1/jobs/${Object(json).id}`)).json);
  };
  const calls = (operation: string) => play.callsOf('Almanac-dev-task-export-file', operation);
  const uploads = async () => {
    const { Uploads = [] } = await play.s3.send(
      new ListMultipartUploadsCommand({ Bucket: play.cloud.endpoints.bucket }),
    );
    return Uploads;
  };

  describe('a file that a task returns', () => {
    it('is kept as it is, read by a link with its type and name, and goes with its job', async () => {
      const { api, cloud, objectsBelow } = play;

      const job = await submit({ lines: 3 });
      const answer = await api.request('GET', `/v1/jobs/${job['id']}/result`);
      const linked = await fetch(answer.headers.get('location') ?? '');

      expect(job).toMatchObject({ resultState: 'stored', resultBytes: 3 * LINE_BYTES });
      expect(answer.status).toBe(303);
      expect(linked.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(linked.headers.get('content-encoding')).toBeNull();
      expect(linked.headers.get('content-disposition')).toBe(
        `attachment; filename="export _M_rz_.csv"; filename*=UTF-8''export%20%22M%C3%A4rz%22.csv`,
      );
      expect((await linked.text()).length).toBe(3 * LINE_BYTES);
      const selected = await api.request('GET', `/v1/jobs/${job['id']}/result?select=a`);
      expect(Object(selected.json).code).toBe('result.not-json');
      await cloud.clock.advanceBy(86_400 + 900);
      expect(await objectsBelow('results/')).toEqual([]);
    });

    it('goes to the bucket in parts, without ever being whole in memory', async () => {
      const { api } = play;
      const lines = 190_000;

      const job = await submit({ lines });
      const answer = await api.request('GET', `/v1/jobs/${job['id']}/result`);
      const part = await fetch(answer.headers.get('location') ?? '', {
        headers: { range: `bytes=${lines * LINE_BYTES - 11}-` },
      });

      expect(job).toMatchObject({ resultState: 'stored', resultBytes: lines * LINE_BYTES });
      expect(calls('UploadPart')).toBe(3);
      expect(part.status).toBe(206);
      expect(await part.text()).toBe('0123456789\n');
    });

    it('is not kept where it is too large, though its job went well, and leaves no parts behind', async () => {
      const before = await play.objectsBelow('results/');

      const job = await submit({ lines: 1_000_000 });

      expect(job).toMatchObject({ outcome: 'success', resultState: 'too-large' });
      expect(calls('AbortMultipartUpload')).toBe(1);
      expect(await uploads()).toEqual([]);
      expect(await play.objectsBelow('results/')).toEqual(before);
    });

    it('fails its job where its stream does', async () => {
      const job = await submit({ lines: 200_000, breaksAt: 150_000 });

      expect(job).toMatchObject({ outcome: 'error', error: { message: 'The database has gone.' } });
      expect(await uploads()).toEqual([]);
    });

    it('is not read where nothing of it is to be kept, or where it would have to be looked into', async () => {
      const unkept = await submit({ lines: 10, breaksAt: 0 }, { resultExpirationTime: 0 });
      const redacted = await submit({ lines: 10, breaksAt: 0 }, { redact: { drop: ['/a'] } });

      expect(unkept).toMatchObject({ outcome: 'success', resultState: 'off' });
      expect(redacted).toMatchObject({ outcome: 'success', resultState: 'not-selected' });
      expect(calls('UploadPart')).toBe(0);
    });
  });
}

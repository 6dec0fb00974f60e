import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import { expired, findResult } from './find-result.ts';

/** What looking into a result needs. */
export interface ReadResultPorts {
  readonly jobs: Pick<JobReader, 'get'>;
  readonly payloadReads: Pick<PayloadStore, 'getResult'>;
}

/** A larger result is not looked into: it would take the function's memory, and what is found in it may have to fit into one answer. */
export const LARGEST_READ_BYTES = 4_194_304;

const expandGzip = promisify(gunzip);

/**
 * Reads a job's result as JSON, wherever it lies.
 *
 * @throws {AlmanacError} As `findResult` does; `job.unfinished`; `result.not-json`; `result.too-large`; `store.unavailable`.
 */
export async function readResult(
  id: string,
  now: EpochSeconds,
  ports: ReadResultPorts,
): Promise<unknown> {
  const found = await findResult(id, now, ports.jobs);
  switch (found.kind) {
    case 'unfinished':
      throw new AlmanacError(
        'job.unfinished',
        `Expected \`${id}\` to have ended, got one that is ${found.job.state}.`,
      );
    case 'json':
      return JSON.parse(found.text);
    case 'payload': {
      const { key, bytes, encoding, type } = found.payload;
      if (encoding === undefined) throw notJson(id, type);
      if (bytes > LARGEST_READ_BYTES) throw tooLarge(id, bytes);
      const object = await ports.payloadReads.getResult(key);
      // It went with its row a moment ago.
      if (!object) throw expired(found.job);
      const json = await expandGzip(object, { maxOutputLength: LARGEST_READ_BYTES });
      return JSON.parse(json.toString());
    }
  }
}

function notJson(id: string, type: string): AlmanacError {
  return new AlmanacError(
    'result.not-json',
    `Expected the result of \`${id}\` to be JSON, so that it can be looked into, got a file of the type ${type}. Read it whole, at its \`/result\`.`,
  );
}

function tooLarge(id: string, bytes: number): AlmanacError {
  return new AlmanacError(
    'result.too-large',
    `Expected the result of \`${id}\` to be at most ${LARGEST_READ_BYTES} bytes, so that it can be looked into, got ${bytes}. Read it whole, at its \`/result\`.`,
  );
}

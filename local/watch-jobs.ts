import * as z from 'zod';
import type { LocalCloud } from '#local/cloud.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.string() }).transform(({ N }) => Number(N));

/** What a line says of a settled job; whatever else the row has is left alone. */
const settledRow = z.object({
  scheduleId: text,
  fireTime: text,
  state: text,
  outcome: text,
  durationMs: number.optional(),
  resultState: text.optional(),
  result: text.optional(),
  resultZ: z.object({ B: z.union([z.string(), z.instanceof(Uint8Array)]) }).optional(),
  payload: z
    .object({ M: z.object({ key: text, storedBytes: number }) })
    .transform(({ M }) => M)
    .optional(),
  error: z
    .object({ M: z.object({ message: text }) })
    .transform(({ M }) => M.message)
    .optional(),
  resultExpiresAt: number.optional(),
});

type SettledRow = z.output<typeof settledRow>;

/** Records are read in pages of this many. */
const PAGE = 100;

/**
 * Prints one line for each job that settles from now on, read from the Jobs table's stream.
 *
 * @returns Stops.
 */
export async function watchJobs(
  cloud: LocalCloud,
  print: (line: string) => void,
): Promise<() => void> {
  const streamArn = jobsStreamArn(cloud);
  const { streams } = cloud.services.dynamodb;
  let after = await lastSequence(cloud, streamArn);
  let reading = Promise.resolve();
  const readOn = async () => {
    for await (const { eventName, dynamodb } of recordsAfter(cloud, streamArn, after)) {
      after = dynamodb.SequenceNumber;
      const row = settledRow.safeParse(dynamodb.NewImage);
      const isSettled = eventName !== 'REMOVE' && row.data?.state === 'settled';
      if (isSettled && row.data) print(lineOf(row.data));
    }
  };
  return streams.onAppend(streamArn, () => {
    reading = reading.then(readOn);
  });
}

function jobsStreamArn(cloud: LocalCloud): string {
  for (const { ref, attributes } of cloud.deployment.resources.values())
    if (ref === cloud.endpoints.tables.jobs && attributes['StreamArn'] !== undefined)
      return attributes['StreamArn'];
  throw new Error('Expected the Jobs table to have a stream.');
}

async function lastSequence(cloud: LocalCloud, streamArn: string): Promise<string | undefined> {
  let last: string | undefined;
  for await (const { dynamodb } of recordsAfter(cloud, streamArn, undefined))
    last = dynamodb.SequenceNumber;
  return last;
}

async function* recordsAfter(cloud: LocalCloud, streamArn: string, start: string | undefined) {
  const { streams } = cloud.services.dynamodb;
  let after = start;
  for (;;) {
    const records = await streams.read(streamArn, { after, limit: PAGE });
    yield* records;
    const last = records.at(-1);
    if (!last) return;
    after = last.dynamodb.SequenceNumber;
  }
}

function lineOf(row: SettledRow): string {
  const columns = [
    row.fireTime,
    row.scheduleId.padEnd(20),
    row.outcome.padEnd(9),
    row.durationMs === undefined ? '' : `${row.durationMs} ms`.padStart(8),
    placeOf(row),
  ];
  return columns.join('  ');
}

function placeOf(row: SettledRow): string {
  const until = row.resultExpiresAt === undefined ? '' : `, until ${toIso(row.resultExpiresAt)}`;
  if (row.payload) return `s3 ${row.payload.key} (${row.payload.storedBytes} bytes)${until}`;
  if (row.result !== undefined)
    return `in the row (${Buffer.byteLength(row.result)} bytes)${until}`;
  if (row.resultZ) return `in the row, compressed${until}`;
  return row.error ?? 'no result kept';
}

import { playOnCloud, type Row } from '#test/support/play-on-cloud.ts';

/** What one job cost, as the local DynamoDB and the request log count it. */
export interface JobCost {
  readonly what: string;
  /** The task's own, as `2 dynamodb, 1 s3`. */
  readonly requests: string;
  /** Of the Jobs table, its indexes included. */
  readonly writeUnits: number;
  /** The JSON of the result. */
  readonly resultBytes: number;
}

const JOBS: readonly (Row & { readonly what: string; readonly task: string })[] = [
  { what: '1 KB of JSON', task: 'sales-report', input: { rows: 8 }, resultExpirationTime: '1d' },
  { what: '5 KB of rows', task: 'sales-report', input: { rows: 46 }, resultExpirationTime: '1d' },
  {
    what: '2 MB, in S3',
    task: 'sales-report',
    input: { rows: 20_000 },
    resultExpirationTime: '1d',
  },
  { what: 'a failure', task: 'flaky-import', input: { fail: true }, resultExpirationTime: '1d' },
  { what: 'result not kept', task: 'sales-report', input: { rows: 46 }, resultExpirationTime: 0 },
];

/** Fires one job of each kind on a local cloud, and counts. */
export async function measureJobs(assembly: string): Promise<readonly JobCost[]> {
  await using play = await playOnCloud({ assembly });
  const { cloud, fireOnce, rowsOf } = play;
  const units = () => cloud.services.dynamodb.writeUnits(cloud.endpoints.tables.jobs);
  const costs: JobCost[] = [];
  for (const [index, { what, ...schedule }] of JOBS.entries()) {
    const id = `job-${index}`;
    const before = units();
    cloud.requests.reset();
    await fireOnce({ id, ...schedule });
    const [row] = await rowsOf(id);
    const counts = new Map<string, number>();
    for (const { caller, service, count } of cloud.requests.snapshot())
      if (caller === `Almanac-dev-task-${schedule.task}`)
        counts.set(service, (counts.get(service) ?? 0) + count);
    costs.push({
      what,
      requests: [...counts].map(([service, count]) => `${count} ${service}`).join(', '),
      writeUnits: units() - before,
      resultBytes: Number(row?.['resultBytes'] ?? 0),
    });
  }
  return costs;
}

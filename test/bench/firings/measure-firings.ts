import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { cloneSchedules } from './clone-schedules.ts';

/** What firings that are all due at once came to. */
export interface FiringFigures {
  readonly firings: number;
  /** Jobs that settled `success` at their first attempt. */
  readonly settled: number;
  /** Jobs that stand any other way, and firings without a job. */
  readonly unsettled: number;
  /** Jobs that were run more often than once. */
  readonly ranTwice: number;
  /** Jobs that the sums of their schedules have counted. */
  readonly counted: number;
  /** From the fire time until nothing was under way any more, in real time. */
  readonly seconds: number;
  /** The most resident memory of this process, which is the whole cloud but for its functions. */
  readonly peakMb: number;
  /** The same before the first firing. */
  readonly restMb: number;
}

const BYTES_PER_MB = 1_048_576;
const SAMPLE_MS = 250;

/** Has so many schedules fire at one second of a stopped clock, and waits until all is done. */
export async function measureFirings(assembly: string, firings: number): Promise<FiringFigures> {
  const runs = new Map<string, number>();
  const functionLog = (_: string, line: string) => {
    const jobId = jobRunIn(line);
    if (jobId !== undefined) runs.set(jobId, (runs.get(jobId) ?? 0) + 1);
  };
  await using play = await playOnCloud({ assembly, functionLog });
  const fireTime = play.at(900);
  await defineAll(firings, fireTime, play);
  await play.cloud.settle();
  const memory = watchMemory();
  const began = performance.now();
  await play.cloud.clock.advanceTo(fireTime);
  const seconds = (performance.now() - began) / 1_000;
  const { restMb, peakMb } = memory.stop();
  const settled = await countSettled(play);
  return {
    firings,
    settled,
    unsettled: firings - settled,
    ranTwice: [...runs.values()].filter((count) => count > 1).length,
    counted: await countCounted(play),
    seconds,
    peakMb,
    restMb,
  };
}

async function defineAll(firings: number, fireTime: string, play: CloudPlay): Promise<void> {
  const ids = Array.from({ length: firings }, (_, at) => `firing-${String(at).padStart(5, '0')}`);
  const [original = '', ...clones] = ids;
  await play.define({
    id: original,
    task: 'sales-report',
    input: { rows: 1 },
    resultExpirationTime: '1d',
    trigger: { kind: 'once', at: fireTime },
  });
  await cloneSchedules(original, clones, play);
}

const ended = z.object({ message: z.literal('job'), kind: z.literal('settled'), job: z.string() });

/** The runner says what each invocation came to; one that finds its job claimed has another kind. */
function jobRunIn(line: string): string | undefined {
  return line.includes('"settled"') ? ended.safeParse(JSON.parse(line)).data?.job : undefined;
}

async function countSettled(play: CloudPlay): Promise<number> {
  const { jobs } = play.cloud.endpoints.tables;
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client: play.tables }, { TableName: jobs }))
    count += Items.filter(
      ({ state, outcome, attempt }) =>
        state === 'settled' && outcome === 'success' && attempt === 1,
    ).length;
  return count;
}

async function countCounted(play: CloudPlay): Promise<number> {
  const { usage } = play.cloud.endpoints.tables;
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client: play.tables }, { TableName: usage }))
    for (const { part, jobs } of Items) if (part === 'total') count += Number(Object(jobs).success);
  return count;
}

function watchMemory(): { stop(): { readonly restMb: number; readonly peakMb: number } } {
  const now = () => process.memoryUsage.rss() / BYTES_PER_MB;
  const restMb = now();
  let peakMb = restMb;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, now());
  }, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return { restMb, peakMb };
    },
  };
}

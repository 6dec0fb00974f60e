import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { parseJobId } from '#shared/domain/job/job-key.ts';
import { jsonPatch } from '#shared/domain/result/json-patch.ts';
import { LARGEST_READ_BYTES, type ReadResultPorts, readResult } from './read-result.ts';

/** Two jobs of one schedule. */
export interface DiffRequest {
  readonly id: string;
  readonly otherId: string;
}

/**
 * Compares the results of two jobs.
 *
 * @returns The steps from the first to the second, as JSON.
 * @throws {AlmanacError} `diff.other-schedule`; `result.too-large`, of either result or of the steps; else as `readResult` does.
 */
export async function diffResults(
  { id, otherId }: DiffRequest,
  now: EpochSeconds,
  ports: ReadResultPorts,
): Promise<string> {
  const [schedule, otherSchedule] = [parseJobId(id)?.scheduleId, parseJobId(otherId)?.scheduleId];
  if (schedule !== undefined && otherSchedule !== undefined && schedule !== otherSchedule)
    throw new AlmanacError(
      'diff.other-schedule',
      `Expected two jobs of one schedule, got one of \`${schedule}\` and one of \`${otherSchedule}\`.`,
    );
  const [before, after] = [await readResult(id, now, ports), await readResult(otherId, now, ports)];
  const text = JSON.stringify(jsonPatch(before, after));
  if (text.length <= LARGEST_READ_BYTES) return text;
  throw new AlmanacError(
    'result.too-large',
    `Expected the two results to differ by steps of at most ${LARGEST_READ_BYTES} characters, got ${text.length}. Read them whole.`,
  );
}

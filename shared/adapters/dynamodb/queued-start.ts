import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { Start } from '#shared/domain/job/start.ts';

/**
 * Reads the start out of the item of a job that has yet to begin.
 *
 * @throws an Error for an item that Almanac did not write.
 */
export function startInItem({ start }: Readonly<Record<string, unknown>>): Start {
  const parsed = parseStart(JSON.parse(String(start)));
  if (parsed.kind === 'start') return parsed.start;
  throw new Error(`Expected a queued job to have its start, got: ${parsed.faults.join(' ')}`);
}

import { decideUpstream, type UpstreamLink } from '#shared/domain/schedule/decide-upstream.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import { invalidRequest } from './invalid-request.ts';

/**
 * Walks from a schedule that is about to be written to the one that it comes after, and on to the one that that comes after.
 *
 * @returns What was passed, each to be held still by the write; empty for a schedule that no other starts.
 * @throws {AlmanacError} `request.invalid` where the way comes back to the schedule, or does not end soon.
 */
export async function walkUpstream(
  schedule: Pick<ScheduleDefinition, 'scheduleId' | 'trigger'>,
  schedules: Pick<ScheduleStore, 'read'>,
): Promise<readonly UpstreamLink[]> {
  const walked: UpstreamLink[] = [];
  let step = decideUpstream(schedule, walked);
  while (step.kind === 'read') {
    const { scheduleId } = step;
    const { definition } = await schedules.read(scheduleId);
    walked.push({ scheduleId, ...(definition && { trigger: definition.trigger }) });
    step = decideUpstream(schedule, walked);
  }
  if (step.kind === 'sound') return walked;
  const { fault } = step;
  throw invalidRequest([{ ...fault, pointer: `/trigger${fault.pointer}` }]);
}

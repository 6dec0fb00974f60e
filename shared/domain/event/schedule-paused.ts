import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { instantMember } from '#shared/domain/event/instant-member.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';

/**
 * Tells that a schedule has been paused, or has paused itself.
 *
 * @param before - The state that was written over, if any.
 * @returns `undefined` where the pause was there before: a new note or end does not begin it anew.
 */
export function schedulePaused(
  before: ScheduleState | undefined,
  after: ScheduleState,
): AlmanacEvent | undefined {
  const { scheduleId, generation, revision, paused } = after;
  if (!paused || before?.paused?.since === paused.since) return undefined;
  const since = toIso(paused.since);
  return {
    type: 'schedule.paused',
    // The generation tells two pauses within one second from each other.
    id: `${scheduleId}/paused-${since.replaceAll(/[-:]/g, '')}-${generation}`,
    subject: scheduleId,
    time: since,
    data: {
      scheduleId,
      revision,
      by: paused.by,
      ...(paused.note !== undefined && { note: paused.note }),
      since,
      ...instantMember('until', paused.until),
    },
  };
}

import { decidePause, type PauseRequest } from '#shared/domain/schedule/decide-pause.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { changeState } from './change-state.ts';
import type { WriteOptions, WriteSchedulePorts } from './write-schedule.ts';

/**
 * Pauses a schedule. From `sync: active` on, EventBridge holds no firing of it; one that is delivered before, within 90 s of its fire
 * time, still runs.
 *
 * @throws {AlmanacError} `schedule.not-found`, `schedule.stale`
 */
export function pauseSchedule(
  scheduleId: string,
  request: PauseRequest,
  context: WriteOptions & { readonly ports: WriteSchedulePorts },
): Promise<StoredSchedule> {
  return changeState(scheduleId, (present) => decidePause(present, request, context.now), context);
}

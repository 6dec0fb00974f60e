import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';
import type { ScheduleState } from '#shared/domain/schedule/schedule.ts';
import { STANDS_STILL_AFTER_SECONDS } from '#shared/domain/schedule/stands-still.ts';
import { sweptToOf } from '#shared/domain/schedule/sweep-position.ts';

/** What sets a schedule going that stands still. */
export type SweepAction =
  /** Its plan's fire time has passed, and nobody has advanced it. */
  | { readonly kind: 'advance'; readonly advance: Advance }
  /** Its change has not reached EventBridge, as where the stream's record of it was given up. */
  | { readonly kind: 'wake'; readonly generation: number }
  /** Jobs of it are due to be looked at. */
  | { readonly kind: 'look' };

/** Decides what a sweep does about a schedule, or a tombstone; nothing about one that moves, and whose next fire time is to come. */
export function decideSweep(state: ScheduleState, now: EpochSeconds): readonly SweepAction[] {
  const oldest = now - STANDS_STILL_AFTER_SECONDS;
  const { scheduleId, generation, plan } = state;
  const actions: SweepAction[] = [];
  if (plan?.nextFireTime !== undefined && plan.nextFireTime < oldest)
    actions.push({
      kind: 'advance',
      advance: { kind: 'advance', scheduleId, fireTime: toIso(plan.nextFireTime) },
    });
  const waitsSince = waitingSince(state);
  if (waitsSince !== undefined && waitsSince < oldest) actions.push({ kind: 'wake', generation });
  if (sweptToOf(state) <= oldest) actions.push({ kind: 'look' });
  return actions;
}

function waitingSince({ sync }: ScheduleState): EpochSeconds | undefined {
  if (sync.state === 'pending') return sync.at;
  return sync.state === 'failed' ? sync.error?.retryAt : undefined;
}

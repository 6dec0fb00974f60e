import type { Start } from '#shared/domain/job/start.ts';

/** The fire time of {@link aStart}, in epoch seconds: 2026-11-23T09:00:00Z. */
export const FIRE_TIME = 1_795_424_400;

/** Builds a start of `daily-sales` at {@link FIRE_TIME} whose result is kept for an hour. */
export function aStart(changes: Partial<Start> = {}): Start {
  return {
    v: 1,
    scheduleId: 'daily-sales',
    fireTime: '2026-11-23T09:00:00Z',
    revision: 1,
    attempt: 1,
    task: 'sales-report',
    input: {},
    policy: { resultExpirationTime: 3_600 },
    ...changes,
  };
}

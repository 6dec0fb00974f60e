import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';

/**
 * How long Lambda may keep the start of an adopted task before it gives it up. No runner refuses one that comes late, so it is as
 * long as a schedule's own window usually is.
 */
export const FOREIGN_EVENT_AGE_SECONDS = DEFAULT_CATCH_UP_WINDOW_SECONDS;

/** Lambda's longest run, and a minute for clocks that differ. */
const LAST_RUN_SECONDS = 960;

/** For so long after `deliverBy` an adopted task's function may still end a run of a start; its job's row outlives that. */
export const FOREIGN_LEASE_SECONDS = FOREIGN_EVENT_AGE_SECONDS + LAST_RUN_SECONDS;

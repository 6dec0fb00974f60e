import {
  type BackdatingCounts,
  LATE_STARTS_SECONDS,
  NOTHING_LOOKED_AT,
} from '#shared/domain/backdating/backdating.ts';
import type { BackdateDecision } from '#shared/domain/backdating/decide-backdate.ts';
import { decidePage } from '#shared/domain/backdating/decide-page.ts';
import { allPlaces } from '#shared/domain/backdating/places.ts';
import { type Backdated, tally } from '#shared/domain/backdating/tally.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { keepLastOf } from '#shared/domain/result/keep-last.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { BackdatedJobs } from '#shared/ports/backdated-jobs.ts';

/** What a backdating would do. */
export interface BackdatingForecast extends BackdatingCounts {
  /** Whether there were too many jobs to look at all of them. */
  readonly isLowerBound: boolean;
}

/** So many jobs at the most are looked at for an answer that someone waits for. */
const PAGE = 250;
const MOST_PAGES = 4;

/**
 * Counts what a backdating by a schedule's policies would do, by a look at its newest thousand jobs.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function forecastBackdating(
  { scheduleId, revision, policy }: ScheduleDefinition,
  { jobs, now }: { readonly jobs: Pick<BackdatedJobs, 'page'>; readonly now: EpochSeconds },
): Promise<BackdatingForecast> {
  let places = allPlaces(keepLastOf(policy));
  let counts = NOTHING_LOOKED_AT;
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const place = { scheduleId, to: now + LATE_STARTS_SECONDS, limit: PAGE };
    const found = await jobs.page({ ...place, ...(after !== undefined && { after }) });
    const decided = decidePage({ policy, revision, places }, found.jobs, now);
    places = decided.places;
    counts = tally(
      counts,
      decided.decided.map(({ decision }) => toBackdated(decision)),
    );
    after = found.next;
    if (after === undefined) break;
  }
  return { ...counts, isLowerBound: after !== undefined };
}

function toBackdated(decision: BackdateDecision): Backdated {
  if (decision.kind !== 'change') return decision.kind;
  return decision.moveTo === undefined ? 'changed' : 'moved';
}

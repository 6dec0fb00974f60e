import { basicFireTime, type JobKey } from '#shared/domain/job/job-key.ts';

/** The lifecycle classes of the payload bucket, in days, shortest first. Each is the folder `results/<days>d/`. */
export const PAYLOAD_CLASS_DAYS = [1, 7, 30, 90, 365, 3660] as const;

export type PayloadClassDays = (typeof PAYLOAD_CLASS_DAYS)[number];

/** A class's lifecycle rule deletes this many days after the class's own, so that it never comes before a job's expiry. */
export const PAYLOAD_CLASS_SLACK_DAYS = 7;

/** Results lie below this prefix, by class. */
export const RESULTS_PREFIX = 'results/';

/** Outcomes that could not be written to their row lie below this prefix. */
export const UNSETTLED_PREFIX = 'unsettled/';

const SECONDS_PER_DAY = 86_400;

/** No result is kept longer: ten years of 365 days, which the last class covers whatever leap days lie in them. */
export const LONGEST_EXPIRATION_SECONDS = 3650 * SECONDS_PER_DAY;

/** Names the prefix that a class's lifecycle rule goes by, as `results/30d/`. */
export function payloadPrefix(days: PayloadClassDays): string {
  return `${RESULTS_PREFIX}${days}d/`;
}

/** Finds the smallest class that is not shorter than an expiration time. */
export function payloadClassFor(expirationSeconds: number): PayloadClassDays {
  return PAYLOAD_CLASS_DAYS.find((days) => days * SECONDS_PER_DAY >= expirationSeconds) ?? 3660;
}

/** Finds the class of an object that jobs share: of twice the time, so that not every job has to put it again. */
export function sharedClassFor(expirationSeconds: number): PayloadClassDays {
  return payloadClassFor(2 * expirationSeconds);
}

/** Finds the class of an object by its key; `undefined` for what is no result's. */
export function payloadClassOfKey(key: string): PayloadClassDays | undefined {
  return PAYLOAD_CLASS_DAYS.find((days) => key.startsWith(payloadPrefix(days)));
}

/** One attempt's own place: no two invocations ever write the same object. */
export interface AttemptPlace {
  readonly key: JobKey;
  readonly attempt: number;
  readonly owner: string;
}

/** Names the object of a result, as `results/7d/daily-sales/20261123T090000Z/1-x7Kq02`. */
export function payloadKey(place: AttemptPlace, days: PayloadClassDays): string {
  return `${payloadPrefix(days)}${pathOf(place)}`;
}

/** Begins the folder of what several jobs share; no schedule's id has an `=`. */
const SHARED_MARK = '=';

/** Names the object of a result that all jobs of a schedule share that returned it, as `results/30d/=daily-sales/<its hash>`. */
export function sharedPayloadKey(
  content: { readonly scheduleId: string; readonly hash: string },
  days: PayloadClassDays,
): string {
  return `${payloadPrefix(days)}${SHARED_MARK}${content.scheduleId}/${content.hash}`;
}

/** Tells whether an object may be other jobs' too: it leaves by its lifecycle rule, and by nothing else. */
export function isSharedPayload(key: string): boolean {
  return key.split('/')[2]?.startsWith(SHARED_MARK) ?? false;
}

/**
 * Names the same shared object in another class.
 *
 * @param key - Of a shared object.
 */
export function sharedPayloadKeyIn(key: string, days: PayloadClassDays): string {
  return `${payloadPrefix(days)}${key.split('/').slice(2).join('/')}`;
}

/** Names the object that keeps an attempt's end when its row cannot be written. */
export function unsettledKey(place: AttemptPlace): string {
  return `${UNSETTLED_PREFIX}${pathOf(place)}`;
}

function pathOf({ key, attempt, owner }: AttemptPlace): string {
  return `${key.scheduleId}/${basicFireTime(key)}/${attempt}-${owner}`;
}

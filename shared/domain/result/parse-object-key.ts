import { ID_PATTERN, parseJobId } from '#shared/domain/job/job-key.ts';
import {
  type AttemptPlace,
  PAYLOAD_CLASS_DAYS,
  type PayloadClassDays,
  payloadKey,
  sharedPayloadKey,
  unsettledKey,
} from '#shared/domain/result/payload-class.ts';

/** What an object of the payload bucket is, by its key alone. */
export type ObjectName =
  | { readonly kind: 'result'; readonly days: PayloadClassDays; readonly place: AttemptPlace }
  | { readonly kind: 'unsettled'; readonly place: AttemptPlace }
  /** Whose content several jobs of a schedule share. */
  | { readonly kind: 'shared'; readonly days: PayloadClassDays; readonly scheduleId: string };

const SHARED_KEY = /^results\/\d+d\/=([^/]+)\/([0-9a-f]{64})$/;

const OBJECT_KEY = /^(?:results\/(\d+)d|unsettled)\/([^/]+)\/([^/]+)\/(\d+)-([^/]+)$/;

/**
 * Reads the key of an object back into the attempt that wrote it, or the schedule whose jobs share it.
 *
 * @returns `undefined` for a key that no attempt can have written: such an object belongs to nobody that Almanac could ask.
 */
export function parseObjectKey(text: string): ObjectName | undefined {
  return parseSharedKey(text) ?? parseOwnKey(text);
}

function parseSharedKey(text: string): ObjectName | undefined {
  const [, scheduleId = '', hash = ''] = SHARED_KEY.exec(text) ?? [];
  const days = ID_PATTERN.test(scheduleId.replace(/^task:/, ''))
    ? PAYLOAD_CLASS_DAYS.find((one) => sharedPayloadKey({ scheduleId, hash }, one) === text)
    : undefined;
  return days && { kind: 'shared', days, scheduleId };
}

function parseOwnKey(text: string): ObjectName | undefined {
  const [, classDays, scheduleId, basic, attempt, owner = ''] = OBJECT_KEY.exec(text) ?? [];
  const key = parseJobId(`${scheduleId}@${basic}`);
  if (!key) return undefined;
  const place: AttemptPlace = { key, attempt: Number(attempt), owner };
  if (classDays === undefined)
    return unsettledKey(place) === text ? { kind: 'unsettled', place } : undefined;
  const days = PAYLOAD_CLASS_DAYS.find((one) => payloadKey(place, one) === text);
  return days && { kind: 'result', days, place };
}

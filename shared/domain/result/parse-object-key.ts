import { parseJobId } from '#shared/domain/job/job-key.ts';
import {
  type AttemptPlace,
  PAYLOAD_CLASS_DAYS,
  type PayloadClassDays,
  payloadKey,
  unsettledKey,
} from '#shared/domain/result/payload-class.ts';

/** What an object of the payload bucket is, by its key alone. */
export type ObjectName =
  | { readonly kind: 'result'; readonly days: PayloadClassDays; readonly place: AttemptPlace }
  | { readonly kind: 'unsettled'; readonly place: AttemptPlace };

const OBJECT_KEY = /^(?:results\/(\d+)d|unsettled)\/([^/]+)\/([^/]+)\/(\d+)-([^/]+)$/;

/**
 * Reads the key of an object back into the attempt that wrote it.
 *
 * @returns `undefined` for a key that no attempt can have written: such an object belongs to nobody that Almanac could ask.
 */
export function parseObjectKey(text: string): ObjectName | undefined {
  const [, classDays, scheduleId, basic, attempt, owner = ''] = OBJECT_KEY.exec(text) ?? [];
  const key = parseJobId(`${scheduleId}@${basic}`);
  if (!key) return undefined;
  const place: AttemptPlace = { key, attempt: Number(attempt), owner };
  if (classDays === undefined)
    return unsettledKey(place) === text ? { kind: 'unsettled', place } : undefined;
  const days = PAYLOAD_CLASS_DAYS.find((one) => payloadKey(place, one) === text);
  return days && { kind: 'result', days, place };
}

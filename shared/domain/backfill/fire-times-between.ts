import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/**
 * Lists a trigger's fire times in a span, in order.
 *
 * @param span - Both ends included; no more than `limit` are listed.
 */
export function fireTimesBetween(
  trigger: Trigger,
  span: { readonly from: EpochSeconds; readonly to: EpochSeconds; readonly limit: number },
): readonly EpochSeconds[] {
  const listed: EpochSeconds[] = [];
  let at = nextOrNone(trigger, span.from - 1);
  while (at !== undefined && at <= span.to && listed.length < span.limit) {
    listed.push(at);
    at = nextOrNone(trigger, at);
  }
  return listed;
}

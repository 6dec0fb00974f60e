import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/**
 * A write of a definition succeeds only where its share is the one that was read, as the ledgers move by what it differs.
 *
 *    a user's write:   reads version 4 ─────────────────────── writes on condition of 4: refused
 *    the count:                        ── writes version 5 ──
 */
export function asWeighed({ share }: Pick<ScheduleDefinition, 'share'>) {
  if (!share)
    return {
      ConditionExpression: 'attribute_not_exists(#share)',
      ExpressionAttributeNames: { '#share': 'share' },
    };
  return {
    ConditionExpression: '#share.#version = :shareVersion',
    ExpressionAttributeNames: { '#share': 'share', '#version': 'version' },
    ExpressionAttributeValues: { ':shareVersion': share.version },
  };
}

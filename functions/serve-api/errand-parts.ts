import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Errand } from '#shared/domain/errand/errand.ts';

/** Shows what errands of all kinds have, as the API answers it. */
export function errandParts({ errandId, scheduleId, state, by, createdAt, ...rest }: Errand) {
  const { note, endedAt, reason } = rest;
  return {
    id: errandId,
    scheduleId,
    state,
    by,
    ...(note !== undefined && { note }),
    createdAt: toIso(createdAt),
    ...(endedAt !== undefined && { endedAt: toIso(endedAt) }),
    ...(reason !== undefined && { reason }),
  };
}

import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type ExpirySpan, nextExpirySpan } from '#shared/domain/event/announced-span.ts';
import { resultExpiring } from '#shared/domain/event/result-expiring.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { DAY_SHARDS } from '#shared/domain/job/job-index.ts';
import type { EventBus } from '#shared/ports/event-bus.ts';
import type { ExpiringJobs } from '#shared/ports/expiring-jobs.ts';
import type { ExpiryAnnouncements } from '#shared/ports/expiry-announcements.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What announcing takes. */
export interface AnnounceExpiringPorts {
  readonly now: WallClock;
  readonly jobs: ExpiringJobs;
  readonly announcements: ExpiryAnnouncements;
  readonly bus: EventBus;
  /** Whether there is time for another slice. */
  readonly hasTime: () => boolean;
}

/** What came of one call. */
export interface Announced {
  readonly events: number;
  /** Expiries before it have been told of; absent where none has ever been. */
  readonly toldTo?: EpochSeconds;
}

/**
 * Tells which results are about to expire, slice by slice of their expiries.
 *
 *     toldTo ── read a slice ── tell ── move toldTo ── the next slice …
 *
 * A call that ends in between tells of its last slice once more the next time, under the same ids.
 *
 * @throws {AlmanacError} `store.unavailable`, and an Error where the bus refuses an event; the next call goes on from the last slice.
 */
export async function announceExpiring(ports: AnnounceExpiringPorts): Promise<Announced> {
  const { now, announcements, hasTime } = ports;
  let toldTo = await announcements.toldTo();
  let events = 0;
  for (;;) {
    const span = hasTime() ? nextExpirySpan(toldTo, now()) : undefined;
    if (!span) return { events, ...(toldTo !== undefined && { toldTo }) };
    for (let shard = 0; shard < DAY_SHARDS; shard += 1)
      events += await tellShard(span, shard, ports);
    toldTo = span.to;
    await announcements.moveTo(toldTo);
  }
}

async function tellShard(
  span: ExpirySpan,
  shard: number,
  { jobs, bus }: AnnounceExpiringPorts,
): Promise<number> {
  let events = 0;
  for await (const page of jobs.within(span, shard)) events += await tell(page, span, bus);
  return events;
}

/** A job whose time has been changed since is told of where its time lies now. */
async function tell(page: readonly Job[], span: ExpirySpan, bus: EventBus): Promise<number> {
  const due = page.filter(
    ({ resultExpiresAt = 0 }) => span.from <= resultExpiresAt && resultExpiresAt < span.to,
  );
  const events = due.flatMap((job) => resultExpiring(job) ?? []);
  const { taken, refusal } = await bus.put(events);
  const refused = events[taken];
  if (refusal && refused)
    throw new Error(
      `Expected the event bus to take ${refused.id}, got ${refusal.code}: ${refusal.message}; the next call tells of it again.`,
    );
  return taken;
}

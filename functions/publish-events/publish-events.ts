import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { jobSettled } from '#shared/domain/event/job-settled.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { EventBus, PutEvents } from '#shared/ports/event-bus.ts';
import { type FindChangedResultPorts, findChangedResult } from './find-changed-result.ts';

/** What publishing takes. */
export interface PublishEventsPorts extends FindChangedResultPorts {
  readonly bus: EventBus;
}

/** Something that a stream tells, and its place in the stream. */
export type News = { readonly sequenceNumber: string } & (
  | { readonly kind: 'settled'; readonly job: Job }
  | { readonly kind: 'told'; readonly event: AlmanacEvent }
);

/** How far a batch was told. */
export interface Published {
  readonly events: number;
  /** The change from which on the stream must deliver again, and why; absent where all was told. */
  readonly failed?: { readonly sequenceNumber: string } & NonNullable<PutEvents['refusal']>;
}

/**
 * Tells the world what a batch of a stream tells.
 *
 *    change 1 ── change 2 ── change 3: refused ── change 4 …
 *    told        told        └── delivered again from here on, with the same ids ──
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again, and what was told of it is told twice.
 */
export async function publishEvents(
  news: readonly News[],
  ports: PublishEventsPorts,
): Promise<Published> {
  const told = await Promise.all(
    news.map(async (each) => {
      const events = await eventsOf(each, ports);
      return events.map((event) => ({ event, sequenceNumber: each.sequenceNumber }));
    }),
  );
  const all = told.flat();
  if (all.length === 0) return { events: 0 };
  const { taken, refusal } = await ports.bus.put(all.map(({ event }) => event));
  const next = all[taken];
  if (!next || !refusal) return { events: taken };
  return { events: taken, failed: { sequenceNumber: next.sequenceNumber, ...refusal } };
}

async function eventsOf(
  news: News,
  ports: FindChangedResultPorts,
): Promise<readonly AlmanacEvent[]> {
  if (news.kind === 'told') return [news.event];
  const events = [jobSettled(news.job), await findChangedResult(news.job, ports)];
  return events.flatMap((event) => event ?? []);
}

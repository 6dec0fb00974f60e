import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SHARDS } from '#shared/domain/job/job-index.ts';
import type { SettledJob } from '#shared/domain/job/settled-job.ts';
import type { SettledPlace } from '#shared/domain/job/settled-place.ts';
import { leastReadShard, type ReadShard, takeInOrder } from '#shared/domain/job/take-in-order.ts';
import { addCosts, type ReadCost } from '#shared/domain/read-cost.ts';
import { dayStart } from '#shared/domain/utc-day.ts';
import type { EntryPlace, SettledJobs, ShardReading } from '#shared/ports/settled-jobs.ts';

/** A page sends so many queries at most: five rounds over all shards of a day. */
export const MOST_QUERIES = 5 * DAY_SHARDS;

/** A shard's share of a page and this many entries more are read of it first, so that most pages need no second round. */
const SPARE_ENTRIES = 4;

/** Each further query of a shard looks at this many times more entries, as a filter has left out so many. */
const GROWTH = 4;

/** No query looks at more entries: of the largest, so many are still less than the 1 MB that DynamoDB reads at once. */
const MOST_ENTRIES = 800;

/** Which settled jobs, of all schedules, are to be listed. */
export interface SettledListing
  extends Pick<ShardReading, 'from' | 'to' | 'isOfFailures' | 'filter' | 'now'> {
  /** How many jobs a page holds at most. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: SettledPlace;
}

/** A page of settled jobs; it may be short or empty and yet not the last. */
export interface SettledPage {
  readonly jobs: readonly SettledJob[];
  /** Absent at the end. */
  readonly next?: SettledPlace;
  readonly cost: ReadCost;
}

/**
 * Lists jobs by when they finished, newest first: day by day, and within a day all shards at once.
 *
 * What a page reads is bounded by {@link MOST_QUERIES}, whatever the filter leaves out; each page gets further by one entry of a shard
 * at the least.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function listSettledJobs(
  listing: SettledListing,
  reader: SettledJobs,
): Promise<SettledPage> {
  const jobs: SettledJob[] = [];
  const costs: ReadCost[] = [];
  let place: SettledPlace = listing.after ?? { until: listing.to };
  const pageTo = (next?: SettledPlace): SettledPage => ({
    jobs,
    ...(next && { next }),
    cost: addCosts(costs),
  });
  while (place.until >= listing.from) {
    const { requests } = addCosts(costs);
    const wanted = listing.limit - jobs.length;
    if (wanted === 0 || requests + DAY_SHARDS > MOST_QUERIES) return pageTo(place);
    const mostQueries = MOST_QUERIES - requests;
    const day = await readDay({ listing, place, wanted, mostQueries }, reader);
    jobs.push(...day.jobs);
    costs.push(day.cost);
    if (day.next) return pageTo(day.next);
    place = { until: dayStart(place.until) - 1 };
  }
  return pageTo();
}

interface DayReading {
  readonly listing: SettledListing;
  readonly place: SettledPlace;
  readonly wanted: number;
  readonly mostQueries: number;
}

async function readDay(reading: DayReading, reader: SettledJobs): Promise<SettledPage> {
  const { wanted, mostQueries } = reading;
  const costs: ReadCost[] = [];
  let shards = openShards(reading);
  for (;;) {
    const { taken, blockers } = takeInOrder(shards, wanted);
    const isEnough = costs.length + blockers.length > mostQueries;
    if (blockers.length === 0 || isEnough) {
      const next = isEnough ? placeReadTo(shards) : placeAfter(taken, shards);
      const jobs = taken.map(({ entry }) => entry);
      return { jobs, ...(next && { next }), cost: addCosts(costs) };
    }
    shards = await Promise.all(
      shards.map(async (shard) => {
        if (!blockers.includes(shard.shard)) return shard;
        const { jobs, last, cost } = await reader.read(shardReading(reading.listing, shard));
        costs.push(cost);
        return readOn(shard, jobs, last);
      }),
    );
  }
}

/** A shard while a page is read. */
interface OpenShard extends ReadShard<SettledJob> {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** The last entry that was looked at. */
  readonly last?: EntryPlace;
  /** How many entries the next query looks at. */
  readonly limit: number;
}

/** Opens the shards where the place says: of what finished just then, the lower ones have been given, and the higher have not. */
function openShards({ listing, place, wanted }: DayReading): readonly OpenShard[] {
  const { until, last } = place;
  const from = Math.max(listing.from, dayStart(until));
  const limit = Math.ceil(wanted / DAY_SHARDS) + SPARE_ENTRIES;
  return Array.from({ length: DAY_SHARDS }, (_, shard) => {
    const to = last && shard < last.shard ? until - 1 : until;
    const isLastsOwn = last?.shard === shard;
    return {
      shard,
      found: [],
      from,
      to,
      limit,
      ...(to >= from && { readTo: toIso(to) }),
      ...(isLastsOwn && { last: { finishedAt: toIso(until), key: last.key } }),
    };
  });
}

function shardReading(listing: SettledListing, open: OpenShard): ShardReading {
  const { isOfFailures, filter, now } = listing;
  const { shard, from, to, limit, last } = open;
  return { shard, from, to, isOfFailures, filter, now, limit, ...(last && { after: last }) };
}

function readOn(
  shard: OpenShard,
  jobs: readonly SettledJob[],
  last: EntryPlace | undefined,
): OpenShard {
  const { readTo: _r, last: _l, ...rest } = shard;
  return {
    ...rest,
    found: [...shard.found, ...jobs],
    limit: Math.min(shard.limit * GROWTH, MOST_ENTRIES),
    ...(last && { readTo: last.finishedAt, last }),
  };
}

/** The place behind what a page gives, unless that was the last of the day. */
function placeAfter(
  taken: readonly { readonly shard: number; readonly entry: SettledJob }[],
  shards: readonly OpenShard[],
): SettledPlace | undefined {
  const given = taken.at(-1);
  const foundJobs = shards.reduce((sum, { found }) => sum + found.length, 0);
  const isLast = leastReadShard(shards) === undefined && foundJobs === taken.length;
  return given && !isLast ? placeAt(given.shard, given.entry) : undefined;
}

/** The place up to which every shard has been read: all that comes before it has been given. */
function placeReadTo(shards: readonly OpenShard[]): SettledPlace | undefined {
  const least = leastReadShard(shards);
  const last = shards.find(({ shard }) => shard === least?.shard)?.last;
  return least && last && placeAt(least.shard, last);
}

function placeAt(shard: number, { finishedAt, key }: EntryPlace): SettledPlace {
  return { until: fromIso(finishedAt) ?? 0, last: { shard, key } };
}

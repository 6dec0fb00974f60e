import type {
  ListedObject,
  ObjectKind,
  UnsettledKind,
} from '#shared/domain/audit/decide-object.ts';
import { rankObject, type ScheduleWeight } from '#shared/domain/audit/rank-schedules.ts';
import { addByKind, addObject, NO_WEIGHT, type Weight } from '#shared/domain/audit/weight.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ObjectName } from '#shared/domain/result/parse-object-key.ts';
import { payloadClassFor, payloadClassOfKey } from '#shared/domain/result/payload-class.ts';

/** What an audit has found so far; bounded, however large the bucket and the table are. */
export interface AuditFindings {
  /** All objects below `results/`. */
  readonly results: Weight;
  /** By lifecycle class, as `7d`. */
  readonly byClass: Readonly<Record<string, Weight>>;
  /** By how long ago they were written: at most `1d`, `7d` … */
  readonly byAge: Readonly<Record<string, Weight>>;
  /** See `rankObject`: the first one is being added up. */
  readonly ranked: readonly ScheduleWeight[];
  readonly orphans: Found;
  /** Objects that several jobs share, which leave by their lifecycle rule alone. */
  readonly shared: Weight;
  /** Objects that no row points to yet, as far as the audit can know. */
  readonly pending: Weight;
  /** Objects that Almanac has not written, or whose key does not name their job. */
  readonly unknown: Weight & { readonly examples: readonly string[] };
  readonly unsettled: {
    readonly waiting: Weight;
    readonly overdue: Weight & { readonly examples: readonly string[] };
    readonly leftovers: Found;
  };
  readonly jobs: JobFindings;
}

/** Objects that are garbage. */
export interface Found extends Weight {
  /** How many of them were deleted. */
  readonly repaired: number;
  readonly examples: readonly string[];
}

/** What the rows of settled jobs say. */
export interface JobFindings {
  readonly settled: number;
  /** Jobs with a large result that both directions had to find. */
  readonly compared: number;
  /** Those with one that were not compared: settled since the audit began, or about to leave. */
  readonly notCompared: number;
  readonly missing: { readonly jobs: number; readonly examples: readonly string[] };
  readonly leaving: Leaving;
}

/** When jobs, and the objects with them, leave. */
export interface Leaving {
  /** Those that TTL has yet to delete. */
  readonly expired: JobWeight;
  /** By day in UTC, the first one the audit's own. */
  readonly byDay: Readonly<Record<string, JobWeight>>;
  readonly later: JobWeight;
}

export interface JobWeight extends Weight {
  readonly jobs: number;
}

/** So many of a kind are named. */
export const MOST_EXAMPLES = 20;

const NOTHING_FOUND: Found = { ...NO_WEIGHT, repaired: 0, examples: [] };
const NOTHING_NAMED = { ...NO_WEIGHT, examples: [] };
const NO_JOBS: JobWeight = { ...NO_WEIGHT, jobs: 0 };

/** What an audit has found before it looked. */
export const NO_FINDINGS: AuditFindings = {
  results: NO_WEIGHT,
  byClass: {},
  byAge: {},
  ranked: [],
  orphans: NOTHING_FOUND,
  shared: NO_WEIGHT,
  pending: NO_WEIGHT,
  unknown: NOTHING_NAMED,
  unsettled: { waiting: NO_WEIGHT, overdue: NOTHING_NAMED, leftovers: NOTHING_FOUND },
  jobs: {
    settled: 0,
    compared: 0,
    notCompared: 0,
    missing: { jobs: 0, examples: [] },
    leaving: { expired: NO_JOBS, byDay: {}, later: NO_JOBS },
  },
};

/** An object that was looked at. */
export interface LookedAt<Kind> {
  readonly object: ListedObject;
  /** Absent where the key says nothing. */
  readonly name: ObjectName | undefined;
  readonly kind: Kind;
  readonly isRepaired: boolean;
}

/** Counts an object below `results/`; they come in the order of their keys. */
export function countResult(
  findings: AuditFindings,
  looked: LookedAt<ObjectKind | 'shared' | 'unknown'>,
  now: EpochSeconds,
): AuditFindings {
  const { object, name, kind } = looked;
  const { bytes, modifiedAt } = object;
  const class_ = classOf(object.key);
  const age = `${payloadClassFor(now - modifiedAt)}d`;
  const counted: AuditFindings = {
    ...findings,
    results: addObject(findings.results, bytes),
    byClass: addByKind(findings.byClass, class_, bytes),
    byAge: addByKind(findings.byAge, age, bytes),
    ...(name && {
      ranked: rankObject(findings.ranked, {
        scheduleId: name.kind === 'shared' ? name.scheduleId : name.place.key.scheduleId,
        class: class_,
        bytes,
      }),
    }),
  };
  switch (kind) {
    case 'referenced':
      return counted;
    case 'shared':
      return { ...counted, shared: addObject(counted.shared, bytes) };
    case 'pending':
      return { ...counted, pending: addObject(counted.pending, bytes) };
    case 'orphan':
      return { ...counted, orphans: addFound(counted.orphans, looked) };
    case 'unknown':
      return { ...counted, unknown: addNamed(counted.unknown, object) };
  }
}

/** Counts an object below `unsettled/`. */
export function countUnsettled(
  findings: AuditFindings,
  looked: LookedAt<UnsettledKind | 'unknown'>,
): AuditFindings {
  const { object, kind } = looked;
  const { unsettled } = findings;
  switch (kind) {
    case 'unknown':
      return { ...findings, unknown: addNamed(findings.unknown, object) };
    case 'waiting':
      return {
        ...findings,
        unsettled: { ...unsettled, waiting: addObject(unsettled.waiting, object.bytes) },
      };
    case 'overdue':
      return {
        ...findings,
        unsettled: { ...unsettled, overdue: addNamed(unsettled.overdue, object) },
      };
    case 'leftover':
      return {
        ...findings,
        unsettled: { ...unsettled, leftovers: addFound(unsettled.leftovers, looked) },
      };
  }
}

function classOf(key: string): string {
  const days = payloadClassOfKey(key);
  return days === undefined ? 'none' : `${days}d`;
}

function addFound(found: Found, { object, isRepaired }: LookedAt<string>): Found {
  return { ...addNamed(found, object), repaired: found.repaired + (isRepaired ? 1 : 0) };
}

function addNamed<Named extends Weight & { readonly examples: readonly string[] }>(
  named: Named,
  { key, bytes }: ListedObject,
): Named {
  return { ...named, ...addObject(named, bytes), examples: addExample(named.examples, key) };
}

/** Names one more, as far as a report names any. */
export function addExample(examples: readonly string[], example: string): readonly string[] {
  return examples.length < MOST_EXAMPLES ? [...examples, example] : examples;
}

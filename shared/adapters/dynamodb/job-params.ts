import type { PutCommandInput, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { CancelRequest } from '#shared/domain/job/cancel-request.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import {
  claimAttributes,
  factAttributes,
  inputsAttribute,
  retryAttributes,
  settleAttributes,
} from '#shared/domain/job/job-row.ts';
import type { Progress } from '#shared/domain/job/progress.ts';
import type {
  ClaimedJob,
  FailedAttempt,
  Fence,
  SettledFacts,
  Settlement,
  Waiting,
} from '#shared/domain/job/settlement.ts';
import { factsOf, keyOfStart, type Start, serializeStart } from '#shared/domain/job/start.ts';
import type { Item } from '#shared/domain/result/item-bytes.ts';

/** A refused write tells how the row stands, which costs no further read. */
const TELL_OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

/** The job has no row: nobody has begun or settled it. */
const HAS_NO_ROW = 'attribute_not_exists(fireTime)';

/** The row stands as it was last seen: the same attempt, in the same state, held by the same invocation. */
const STANDS_AS_SEEN = '#state = :seenState AND #attempt = :seenAttempt AND #owner = :seenOwner';

/** The same for a row that nobody has claimed yet. */
const STANDS_UNCLAIMED =
  '#state = :seenState AND #attempt = :seenAttempt AND attribute_not_exists(#owner)';

/** What only a job that waits for its turn has. */
const WAITING = ['waitingFor', 'lookAgainAt'];

/**
 * Claims a job that has no row. There is no `expiresAt`: a running row never leaves by TTL.
 *
 *     no row ── create ──▶ running, attempt 1 ──────── leaseUntil
 */
export function createParams(table: string, job: ClaimedJob): PutCommandInput {
  return {
    TableName: table,
    Item: { ...factAttributes(job), ...claimAttributes(job) },
    ConditionExpression: HAS_NO_ROW,
    ...TELL_OLD,
  };
}

/**
 * Settles a job that nobody has claimed: it was never begun, or by a function that claims nothing.
 *
 *     no row ── createSettled ──▶ settled, attempt 0 or as told ──────── expiresAt
 */
export function createSettledParams(
  table: string,
  job: SettledFacts,
  settlement: Settlement,
): PutCommandInput {
  return {
    TableName: table,
    Item: {
      ...factAttributes(job),
      attempt: job.attempt ?? 0,
      ...settleAttributes(job.key, settlement),
    },
    ConditionExpression: HAS_NO_ROW,
    ...TELL_OLD,
  };
}

/**
 * Writes a job that nobody has begun: one that was asked for, or that has to wait for its turn. Like a running one it has no `expiresAt`.
 *
 *     no row ── createQueued ──▶ queued, attempt 0 ── its start comes, and has its turn ── takeOver
 */
export function createQueuedParams(
  table: string,
  start: Start,
  waiting?: Waiting,
): PutCommandInput {
  return {
    TableName: table,
    Item: {
      ...factAttributes(factsOf(start)),
      state: 'queued',
      attempt: 0,
      start: serializeStart(start),
      ...waiting,
    },
    ConditionExpression: HAS_NO_ROW,
    ...TELL_OLD,
  };
}

/**
 * Notes that a job waits for its turn, and for whose end. A retrying row gets the start that whoever is done sends; a queued one has it.
 *
 *     queued | retrying ── wait ──▶ queued | retrying, as before ── takeOver
 */
export function waitParams(
  table: string,
  start: Start,
  { from, waiting }: { readonly from: Fence; readonly waiting: Waiting },
): UpdateCommandInput {
  const isQueued = from.state === 'queued';
  return updateParams({
    table,
    key: keyOfStart(start),
    from,
    set: { ...waiting, ...(!isQueued && { start: serializeStart(start) }) },
    remove: [],
  });
}

/**
 * Claims a job for another attempt.
 *
 *     queued | retrying ────────────────── takeOver ──▶ running, the next attempt
 *     running ── leaseUntil ── + grace ── takeOver ──▶ running, the next attempt
 */
export function takeOverParams(table: string, job: ClaimedJob, from: Fence): UpdateCommandInput {
  return updateParams({
    table,
    key: job.key,
    from,
    set: claimAttributes(job),
    // The start of a queued job stays: a further attempt may have to be begun with it.
    remove: ['error', 'retryAt', 'progress', 'inputs', ...WAITING],
  });
}

/**
 * Ends a job for good.
 *
 *     running ── settle ──▶ settled ── resultExpiresAt ── expiresAt
 */
export function settleParams(
  target: { readonly table: string; readonly key: JobKey },
  from: Fence,
  settlement: Settlement,
): UpdateCommandInput {
  return updateParams({
    ...target,
    from,
    set: settleAttributes(target.key, settlement),
    remove: ['leaseUntil', 'retryAt', 'progress', 'start', ...WAITING],
  });
}

/**
 * Lets a failed attempt go.
 *
 *     running, not cancelled ── retry ──▶ retrying ── the delayed start arrives ── takeOver
 */
export function retryParams(
  target: { readonly table: string; readonly key: JobKey },
  from: Fence,
  failure: FailedAttempt,
): UpdateCommandInput {
  return updateParams({
    ...target,
    from,
    set: retryAttributes(failure),
    remove: ['leaseUntil', 'progress'],
    unless: 'cancelRequested',
  });
}

/**
 * Asks for the end of a running job.
 *
 *     running ── requestCancel ──▶ running, and no longer to be retried
 */
export function cancelParams(
  target: { readonly table: string; readonly key: JobKey },
  from: Fence,
  request: CancelRequest,
): UpdateCommandInput {
  return updateParams({ ...target, from, set: { cancelRequested: { ...request } }, remove: [] });
}

/**
 * Notes where parts of an attempt's input came from.
 *
 *     running ── noteInputs ──▶ running, as before ── its function is called
 */
export function inputsParams(
  target: { readonly table: string; readonly key: JobKey },
  from: Fence,
  inputs: readonly InputSource[],
): UpdateCommandInput {
  return updateParams({ ...target, from, set: inputsAttribute(inputs), remove: [] });
}

/**
 * Notes how far an attempt has come.
 *
 *     running ── report ──▶ running, as before
 */
export function reportParams(
  target: { readonly table: string; readonly key: JobKey },
  from: Fence,
  progress: Progress,
): UpdateCommandInput {
  return updateParams({ ...target, from, set: { progress: { ...progress } }, remove: [] });
}

/** All names are aliased, as several are DynamoDB's reserved words. */
function updateParams(update: {
  readonly table: string;
  readonly key: JobKey;
  readonly from: Fence;
  readonly set: Item;
  readonly remove: readonly string[];
  /** An attribute that a row must not have. */
  readonly unless?: string;
}): UpdateCommandInput {
  const { table, key, from, set, remove, unless } = update;
  const setNames = Object.keys(set).filter((name) => set[name] !== undefined);
  const unwanted = unless === undefined ? [] : [unless];
  const names = new Set([...setNames, ...remove, ...unwanted, 'state', 'attempt', 'owner']);
  return {
    TableName: table,
    Key: { scheduleId: key.scheduleId, fireTime: key.fireTime },
    UpdateExpression: [
      `SET ${setNames.map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ConditionExpression: [
      from.owner === undefined ? STANDS_UNCLAIMED : STANDS_AS_SEEN,
      ...unwanted.map((name) => `attribute_not_exists(#${name})`),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(setNames.map((name) => [`:${name}`, set[name]])),
      ':seenState': from.state,
      ':seenAttempt': from.attempt,
      ...(from.owner !== undefined && { ':seenOwner': from.owner }),
    },
    ...TELL_OLD,
  };
}

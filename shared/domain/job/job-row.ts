import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { EndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import {
  DAY,
  dayPartition,
  FAILURE_DAY,
  FINISHED_AT,
  INDEXES,
  IS_CHANGED,
  TAGS,
} from '#shared/domain/job/job-index.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import { tagsOf, tagText } from '#shared/domain/job/job-tags.ts';
import { isFailure } from '#shared/domain/job/outcome.ts';
import type {
  ClaimedJob,
  FailedAttempt,
  JobFacts,
  Settlement,
} from '#shared/domain/job/settlement.ts';
import { atExpiry } from '#shared/domain/result/at-expiry.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { type Item, itemBytes } from '#shared/domain/result/item-bytes.ts';
import { HELD_BY } from '#shared/domain/result/keep-last.ts';
import type { ResultContent, StoredResult } from '#shared/domain/result/stored-result.ts';

/** The attributes that a job's row has from its first write to its last; metadata as JSON text, which holds what a map cannot. */
export function factAttributes(facts: JobFacts): Item {
  const { key, task, revision, deliverBy, metadata } = facts;
  const hasMetadata = Object.keys(metadata).length > 0;
  const tags = tagText(tagsOf(metadata));
  return {
    scheduleId: key.scheduleId,
    fireTime: key.fireTime,
    task,
    revision,
    deliverBy,
    ...(hasMetadata && { metadata: JSON.stringify(metadata) }),
    ...(tags !== undefined && { [TAGS]: tags }),
  };
}

/** The attributes that a claim writes anew. */
export function claimAttributes(job: Omit<ClaimedJob, keyof JobFacts>): Item {
  const { attempt, owner, startedAt, leaseUntil, attempts } = job;
  return {
    state: 'running',
    attempt,
    owner,
    startedAt: toIso(startedAt),
    leaseUntil,
    ...(attempts && { attempts: attempts.map(attemptAttribute) }),
  };
}

/** The attribute that says where parts of the input came from. */
export function inputsAttribute(inputs: readonly InputSource[]): Item {
  return { inputs: inputs.map((source) => ({ ...source })) };
}

/** The attributes of a job that waits for its next attempt. */
export function retryAttributes({ error, retryAt, attempts }: FailedAttempt): Item {
  return {
    state: 'retrying',
    error: { ...error },
    retryAt: toIso(retryAt),
    attempts: attempts.map(attemptAttribute),
  };
}

/** The attributes that the settling write adds; index keys are among them, so that only settled jobs are indexed. */
export function settleAttributes(key: JobKey, settlement: Settlement): Item {
  const { outcome, finishedAt, durationMs, error, result, attempts, expiry } = settlement;
  const day = dayPartition(key, finishedAt);
  return {
    state: 'settled',
    outcome,
    [FINISHED_AT]: toIso(finishedAt),
    ...(durationMs !== undefined && { durationMs }),
    ...(error && { error: { ...error } }),
    ...(attempts && { attempts: attempts.map(attemptAttribute) }),
    ...(result && resultAttributes(result)),
    ...valueAttributes(settlement),
    ...timeAttributes(key, settlement),
    retentionRule: expiry.rule,
    ...(expiry.keep && { keep: { ...expiry.keep } }),
    ...(expiry.ownExpiry && { ownExpiry: { ...expiry.ownExpiry }, [HELD_BY]: key.scheduleId }),
    [DAY]: day,
    ...(isFailure(outcome) && { [FAILURE_DAY]: day }),
  };
}

function timeAttributes(key: JobKey, { result, expiry, finishedAt, writtenAt }: Settlement): Item {
  const isKept = result?.state === 'stored' || result?.state === 'unchanged';
  const { resultExpiresAt: _, ...recordTimes } = expiry;
  return {
    ...atExpiry(expiry),
    ...expiryAttributes(key, isKept ? expiry : recordTimes, writtenAt ?? finishedAt),
  };
}

/** Counts the bytes of the settled row without its result's content. */
export function settledRowBytes(job: ClaimedJob, settlement: Settlement): number {
  const { leaseUntil: _, ...claim } = claimAttributes(job);
  return itemBytes({
    ...factAttributes(job),
    ...claim,
    ...(job.inputs && inputsAttribute(job.inputs)),
    ...settleAttributes(job.key, settlement),
  });
}

function valueAttributes({ indexes, metrics }: Settlement): Item {
  return {
    ...(indexes && { [INDEXES]: { ...indexes } }),
    ...(metrics && { metrics: { ...metrics, values: { ...metrics.values } } }),
  };
}

function attemptAttribute({ error, ...rest }: EndedAttempt): Item {
  return { ...rest, ...(error && { error: { ...error } }) };
}

function resultAttributes(result: StoredResult): Item {
  const resultState = result.state;
  switch (result.state) {
    case 'stored':
    case 'unchanged':
      return {
        resultState,
        resultBytes: result.bytes,
        ...(result.hash !== undefined && { resultHash: result.hash }),
        ...(result.hash !== undefined && result.state === 'stored' && { [IS_CHANGED]: true }),
        ...(result.state === 'unchanged' && { sameAs: result.sameAs }),
        ...contentAttribute(result.content),
      };
    case 'not-selected':
    case 'unserializable':
      return { resultState, resultReason: result.reason };
    case 'too-large':
      return { resultState, resultBytes: result.bytes };
    case 'off':
      return { resultState };
  }
}

function contentAttribute(content: ResultContent): Item {
  switch (content.kind) {
    case 'text':
      return { result: content.text };
    case 'zstd':
      return { resultZ: content.data };
    case 'payload':
      return { payload: { ...content.payload } };
  }
}

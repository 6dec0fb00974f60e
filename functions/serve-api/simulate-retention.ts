import type * as z from 'zod';
import type { simulationBody } from '#shared/contracts/simulation.ts';
import {
  archivePartitionOf,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS, type StartPolicy } from '#shared/domain/job/policy.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import { atExpiry } from '#shared/domain/result/at-expiry.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { payloadClassOfKey } from '#shared/domain/result/payload-class.ts';
import { type Expiry, resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { ResultContent, StoredResult } from '#shared/domain/result/stored-result.ts';
import type { MeasuredResult } from '#shared/domain/rollup/result-metric.ts';
import type { RedactionKey } from '#shared/ports/redaction-key.ts';
import { lookUpResult } from '#shared/runner/look-up-result.ts';
import type { StoreResultPorts } from '#shared/runner/result-context.ts';
import { shapeResult } from '#shared/runner/shape-result.ts';
import { storeResult } from '#shared/runner/store-result.ts';

/** What is tried: a policy, resolved, on a result. */
export type Simulation = Pick<
  z.output<typeof simulationBody>,
  'outcome' | 'sample' | 'previous'
> & { readonly policy: StartPolicy; readonly now: EpochSeconds };

/**
 * Tries a policy on a result: what the runner would store of it, and until when. It is the runner's own code that decides, with a
 * bucket that forgets.
 *
 * @throws {AlmanacError} `store.unavailable` where the key for hashing could not be read.
 */
export async function simulateRetention(simulation: Simulation, redactionKey: RedactionKey) {
  const { policy, sample, outcome, now } = simulation;
  const settlement = settlementOf(simulation);
  if (outcome !== 'success') {
    const { resultExpiresAt: _, ...record } = settlement.expiry;
    return { ...timesOf(record, now), warnings: [] };
  }
  const keyOrStandIn = async () => (await redactionKey()) ?? new Uint8Array(1);
  const shaped = await shapeResult(sample, policy, keyOrStandIn);
  const { metrics } = await lookUpResult(sample, policy, { redactionKey: keyOrStandIn });
  const counted = { ...settlement, ...(metrics && { metrics }) };
  const context = { job: claimedJob(now), settlement: counted, policy };
  const stored = await storeResult(sample, context, await portsFor(simulation, keyOrStandIn));
  const unmatched = shaped.kind === 'shaped' ? shaped.unmatched : [];
  return {
    ...storedParts(stored),
    ...(shaped.kind === 'shaped' && 'content' in stored && { result: shaped.value }),
    ...(metrics && { metrics: metrics.values }),
    ...timesOf(settlement.expiry, now),
    warnings: [...unmatched.map(unmatchedWarning), ...metricWarnings(policy, metrics)],
  };
}

function unmatchedWarning(pointer: string) {
  return {
    pointer: '/redact',
    code: 'redact.unmatched',
    detail: `Expected \`${pointer}\` to lead to something in the sample, got nothing.`,
  };
}

/** A job is counted without what has no number. */
function metricWarnings({ metrics = [] }: StartPolicy, measured: MeasuredResult | undefined) {
  return metrics.flatMap(({ name }, at) => {
    if (Object.hasOwn(measured?.values ?? {}, name)) return [];
    return [
      {
        pointer: `/metrics/${at}/path`,
        code: 'metric.unmatched',
        detail: `Expected metric \`${name}\` to lead to a number in the sample, got none.`,
      },
    ];
  });
}

function timesOf(expiry: Expiry, now: EpochSeconds) {
  const times = expiryAttributes(jobKeyOf('simulated-schedule', now), expiry, now);
  const { resultExpiresAt, expiresAt } = times;
  const partition = archivePartitionOf({ ...times, ...atExpiry(expiry) });
  return {
    ...(resultExpiresAt !== undefined && { resultExpiresAt: toIso(resultExpiresAt) }),
    expiresAt: toIso(expiresAt),
    retentionRule: expiry.rule,
    ...(partition && { archive: archivePartitionPrefix(partition) }),
  };
}

function settlementOf({ policy, outcome, now }: Simulation): Settlement {
  const expiry = resolveExpiry({
    policy,
    outcome,
    finishedAt: now,
    deliverBy: now + (policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  return { outcome, finishedAt: now, durationMs: 1_000, expiry };
}

/** As long in its parts as most jobs are, since the row's size decides where a result lies. */
function claimedJob(now: EpochSeconds): ClaimedJob {
  return {
    key: jobKeyOf('simulated-schedule', now),
    task: 'simulated-task',
    revision: 1,
    deliverBy: now,
    metadata: {},
    attempt: 1,
    owner: 'x'.repeat(12),
    startedAt: now,
    leaseUntil: now,
  };
}

/** A bucket that takes everything and keeps nothing, and a past of one job at the most. */
async function portsFor(
  simulation: Simulation,
  redactionKey: RedactionKey,
): Promise<StoreResultPorts> {
  const nothing = async () => {};
  const before = await previousJob(simulation, redactionKey);
  return {
    redactionKey,
    payloads: async () => ({
      putResult: nothing,
      putShared: nothing,
      putUnsettled: nothing,
      openUpload: () => ({ put: nothing, finish: nothing, abort: nothing }),
    }),
    history: async () => ({ successBefore: async () => before, get: async () => before }),
  };
}

/** The job before, as the same policy would have kept it. */
async function previousJob(
  { previous, policy, now }: Simulation,
  redactionKey: RedactionKey,
): Promise<Job | undefined> {
  if (previous === undefined || policy.persist !== 'on-change') return undefined;
  const before = now - 60;
  const simulation: Simulation = { outcome: 'success', sample: previous, policy, now: before };
  const settlement = settlementOf(simulation);
  const job = claimedJob(before);
  const stored = await storeResult(
    previous,
    { job, settlement, policy },
    await portsFor(simulation, redactionKey),
  );
  const { resultExpiresAt } = settlement.expiry;
  if (!('hash' in stored) || resultExpiresAt === undefined) return undefined;
  const { key, task, revision, deliverBy, metadata, attempt } = job;
  return {
    ...{ key, task, revision, deliverBy, metadata, attempt },
    id: jobId(key),
    state: 'settled',
    outcome: 'success',
    resultHash: stored.hash,
    content: stored.content,
    resultExpiresAt,
  };
}

function storedParts(stored: StoredResult) {
  return {
    resultState: stored.state,
    ...('reason' in stored && { resultReason: stored.reason }),
    ...('bytes' in stored && { resultBytes: stored.bytes }),
    ...('content' in stored && contentParts(stored.content)),
  };
}

function contentParts(content: ResultContent) {
  switch (content.kind) {
    case 'text':
      return { tier: 'row', storedBytes: Buffer.byteLength(content.text) };
    case 'zstd':
      return { tier: 'compressed', storedBytes: content.data.byteLength };
    case 'payload': {
      const { key, storedBytes } = content.payload;
      return { tier: 's3', storedBytes, lifecycleDays: payloadClassOfKey(key) };
    }
  }
}

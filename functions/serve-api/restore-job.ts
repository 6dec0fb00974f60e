import {
  type ArchivedJob,
  keptFlags,
  mayRestore,
  type RestoredTimes,
  restoredItem,
  restoredSettlement,
  unkeptResult,
} from '#shared/domain/archive/restored-item.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import { payloadClassFor, payloadKey } from '#shared/domain/result/payload-class.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import type { JobRestores } from '#shared/ports/archive.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { PayloadCopies, PayloadStore } from '#shared/ports/payload-store.ts';
import { placeResult } from '#shared/runner/place-result.ts';
import { putPayload } from '#shared/runner/put-payload.ts';

/** What putting a job back needs. */
export interface RestoreJobPorts {
  readonly jobs: Pick<JobReader, 'get'>;
  readonly restores: JobRestores;
  readonly payloadWrites: Pick<PayloadStore, 'putResult'>;
  readonly payloadCopies: PayloadCopies;
  /** A new random name, from characters that an object's key takes as they are. */
  readonly newName: () => string;
}

/** What became of a job that was to be put back; `present` where it is there, with time left. */
export type RestoreEnd = 'restored' | 'present';

/**
 * Puts one job back, its result before its row.
 *
 *     result in the bucket, under a name of its own ── row with the mark ──▶ there again
 *
 * A crash in between, or a lost race, leaves an object that the nightly audit finds; there is never a row without its object.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function restoreJob(
  archived: ArchivedJob,
  times: RestoredTimes & { readonly isDryRun: boolean },
  ports: RestoreJobPorts,
): Promise<RestoreEnd> {
  const { job } = archived;
  const row = await ports.jobs.get(job.key);
  if (!mayRestore(row, times.now)) return 'present';
  if (times.isDryRun) return 'restored';
  const settlement = restoredSettlement(archived, times);
  const result = await resultOf(archived, { settlement, times }, ports);
  const item = restoredItem(job, { ...settlement, ...(result && { result }) }, times.now);
  return (await ports.restores.restore(item, row)) ? 'restored' : 'present';
}

interface Restoring {
  readonly settlement: Settlement;
  readonly times: RestoredTimes;
}

async function resultOf(
  { job, result }: ArchivedJob,
  { settlement, times }: Restoring,
  ports: RestoreJobPorts,
): Promise<StoredResult | undefined> {
  const flags = keptFlags(job);
  const owner = ports.newName();
  const { now, until } = times;
  switch (result.kind) {
    case 'none':
      return unkeptResult(job);
    case 'json': {
      const json = { text: result.text, bytes: utf8Bytes(result.text) };
      const claimed: ClaimedJob = { ...job, owner, startedAt: now, leaseUntil: now };
      // Its time counts from now, and so does that of its object.
      const kept = { ...settlement, finishedAt: now };
      const content = await placeResult(json, { job: claimed, settlement, flags }, () =>
        putPayload(
          json,
          { job: claimed, settlement: kept },
          { payloads: async () => ports.payloadWrites },
        ),
      );
      return { ...flags, bytes: json.bytes, content };
    }
    case 'object': {
      const days = payloadClassFor(until - now);
      const key = payloadKey({ key: job.key, attempt: job.attempt, owner }, days);
      const archived = { ...result.payload, keptUntil: toIso(now + days * DAY_SECONDS) };
      if (!(await ports.payloadCopies.copy(archived, key))) return undefined;
      const payload = { ...archived, key };
      return { ...flags, bytes: payload.bytes, content: { kind: 'payload', payload } };
    }
  }
}

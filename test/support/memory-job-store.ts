import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Fence, JobStanding, Settlement } from '#shared/domain/job/settlement.ts';
import type { JobStore, Written } from '#shared/ports/job-store.ts';

/** A row as the rules of a job's life see it. */
export interface MemoryRow extends JobStanding {
  readonly settlement?: Settlement;
}

/** Jobs in memory, with DynamoDB's promise alone: each write is conditional and happens at once or not at all. */
export class MemoryJobStore implements JobStore {
  readonly rows = new Map<string, MemoryRow>();
  /** Every write that went through, in order, as `settle 1`. */
  readonly writes: string[] = [];

  create: JobStore['create'] = async ({ key, attempt, owner, leaseUntil }) =>
    this.#write(`create ${attempt}`, { key }, { state: 'running', attempt, owner, leaseUntil });

  createSettled: JobStore['createSettled'] = async ({ key }, settlement) =>
    this.#write('create settled', { key }, settled({ state: 'settled', attempt: 0 }, settlement));

  takeOver: JobStore['takeOver'] = async ({ key, attempt, owner, leaseUntil }, from) =>
    this.#write(`take ${attempt}`, { key, from }, { state: 'running', attempt, owner, leaseUntil });

  settle: JobStore['settle'] = async (key, from, settlement) =>
    this.#write(`settle ${from.attempt}`, { key, from }, settled(from, settlement));

  retry: JobStore['retry'] = async (key, from, { outcome }) =>
    this.#write(
      `retry ${from.attempt}`,
      { key, from },
      { ...from, state: 'retrying', lastOutcome: outcome },
    );

  row(key: JobKey): MemoryRow | undefined {
    return this.rows.get(nameOf(key));
  }

  #write(
    what: string,
    at: { readonly key: JobKey; readonly from?: Fence },
    row: MemoryRow,
  ): Written {
    const found = this.row(at.key);
    if (!isAsSeen(found, at.from)) return { kind: 'refused', ...(found && { found }) };
    this.rows.set(nameOf(at.key), row);
    this.writes.push(what);
    return { kind: 'written' };
  }
}

function isAsSeen(found: MemoryRow | undefined, from: Fence | undefined): boolean {
  return (
    found?.state === from?.state && found?.attempt === from?.attempt && found?.owner === from?.owner
  );
}

function settled(from: Fence, settlement: Settlement): MemoryRow {
  return { ...from, state: 'settled', outcome: settlement.outcome, settlement };
}

function nameOf({ scheduleId, fireTime }: JobKey): string {
  return `${scheduleId}@${fireTime}`;
}

import type { AuditPorts } from '#functions/audit-storage/audit-ports.ts';
import { type AuditEnd, auditStorage } from '#functions/audit-storage/audit-storage.ts';
import { type Audit, newAudit } from '#shared/domain/audit/audit.ts';
import type { AuditedJob } from '#shared/domain/audit/audited-job.ts';
import type { SettledEntry } from '#shared/domain/audit/count-job.ts';
import type { ListedObject } from '#shared/domain/audit/decide-object.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryAuditStore } from '#test/support/memory-audit-store.ts';

/** A job's row as an {@link AuditWorld} keeps it. */
export interface WorldRow extends AuditedJob {
  readonly key: JobKey;
  readonly expiresAt?: EpochSeconds;
  readonly storedBytes?: number;
}

/** A bucket and a Jobs table in memory, ten days after {@link FIRE_TIME}, and what an audit does with them. */
export class AuditWorld {
  nowSeconds: EpochSeconds = FIRE_TIME + 10 * 86_400;
  /** So many objects or jobs are on a page. */
  pageSize = 1_000;
  /** After so many pages an invocation has no time left. */
  pagesPerInvocation = Number.POSITIVE_INFINITY;
  /** At which of its calls an invocation dies, counted over all of them. */
  dieAt: { readonly call: number; readonly when: 'before' | 'after' } | undefined;
  /** How many calls were made. */
  calls = 0;
  /** Happens after each page was read. */
  meanwhile: () => void = () => {};
  readonly objects = new Map<string, ListedObject>();
  readonly rows = new Map<string, WorldRow>();
  readonly audits = new MemoryAuditStore();
  readonly deleted: string[] = [];
  readonly sent: QueuedMessage[] = [];
  /** Keys of objects that were asked for one by one. */
  readonly askedFor: string[] = [];

  addObject(key: string, changes: Partial<ListedObject> = {}): void {
    this.objects.set(key, { key, bytes: 1_000, modifiedAt: FIRE_TIME, ...changes });
  }

  addRow(row: WorldRow): void {
    this.rows.set(jobId(row.key), row);
  }

  /** Begins an audit. */
  begin(canRepair = true): string {
    const id = '2026-12-03';
    this.audits.audits.set(
      id,
      newAudit({ id, by: 'almanac', canRepair, requestedAt: this.nowSeconds }),
    );
    return id;
  }

  /** Goes on with an audit for as long as one invocation has time. */
  goOn(id: string): Promise<AuditEnd> {
    let pages = 0;
    const read = <Page>(page: Page): Page => {
      pages += 1;
      this.meanwhile();
      return page;
    };
    return auditStorage(id, {
      ...this.#ports(read),
      hasTime: () => pages < this.pagesPerInvocation,
    });
  }

  /** Audits from beginning to end, over as many invocations as it takes. */
  async audit(canRepair = true): Promise<Audit> {
    const id = this.begin(canRepair);
    for (let round = 0; round < 1_000; round += 1) {
      const end = await this.goOn(id);
      if (end.kind === 'done') return end.audit;
    }
    throw new Error('Expected the audit to end.');
  }

  #ports(read: <Page>(page: Page) => Page): Omit<AuditPorts, 'hasTime'> {
    const { audits } = this;
    return {
      now: () => this.nowSeconds,
      audits: {
        create: (audit) => this.#call(() => audits.create(audit)),
        read: (id) => this.#call(() => audits.read(id)),
        save: (audit, seenStep) => this.#call(() => audits.save(audit, seenStep)),
        list: (limit, after) => audits.list(limit, after),
      },
      queue: { send: (message) => this.#call(async () => void this.sent.push(message)) },
      reportRepair: () => {},
      objects: {
        page: (prefix, after) => this.#call(async () => read(this.#listObjects(prefix, after))),
        has: (key) =>
          this.#call(async () => {
            this.askedFor.push(key);
            return this.objects.has(key);
          }),
        delete: (key) =>
          this.#call(async () => {
            this.deleted.push(key);
            this.objects.delete(key);
          }),
      },
      jobs: {
        rows: (keys) => this.#call(async () => this.#readRows(keys)),
        page: (after) => this.#call(async () => read(this.#listJobs(after))),
      },
    };
  }

  /** Makes a call of a store, or dies before or after it. */
  async #call<Answer>(make: () => Promise<Answer>): Promise<Answer> {
    this.calls += 1;
    const isFatal = this.calls === this.dieAt?.call;
    if (isFatal && this.dieAt?.when === 'before') throw new Error('killed before the call');
    const answer = await make();
    if (isFatal) throw new Error('killed after the call');
    return answer;
  }

  #listObjects(prefix: string, after = '') {
    const listed = [...this.objects.values()]
      .filter(({ key }) => key.startsWith(prefix) && key > after)
      .toSorted((one, other) => (one.key < other.key ? -1 : 1));
    const { page, last } = firstOf(listed, this.pageSize);
    return { objects: page, ...(last && { next: last.key }) };
  }

  #listJobs(after = '') {
    const settled = [...this.rows.values()]
      .filter(({ key, state }) => state === 'settled' && jobId(key) > after)
      .toSorted((one, other) => (jobId(one.key) < jobId(other.key) ? -1 : 1))
      .map(entryOf);
    const { page, last } = firstOf(settled, this.pageSize);
    return { entries: page, ...(last && { next: jobId(last.key) }) };
  }

  #readRows(keys: readonly JobKey[]): ReadonlyMap<string, AuditedJob> {
    const found = keys.map((key) => [jobId(key), this.rows.get(jobId(key))] as const);
    return new Map(found.flatMap(([id, row]) => (row ? [[id, row]] : [])));
  }
}

function entryOf(row: WorldRow): SettledEntry {
  return { expiresAt: FIRE_TIME + 30 * 86_400, storedBytes: 0, ...row };
}

/** Takes a page; `last` is its last thing, where there are more behind it. */
function firstOf<Thing>(things: readonly Thing[], size: number) {
  const page = things.slice(0, size);
  return { page, last: things.length > size ? page.at(-1) : undefined };
}

import type { Audit } from '#shared/domain/audit/audit.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';

/** Audits and their reports, kept for a quarter. */
export interface AuditStore {
  /**
   * Writes a new audit.
   *
   * @returns `false` where there is one of this id.
   * @throws {AlmanacError} `store.unavailable`, as all methods do.
   */
  create(audit: Audit): Promise<boolean>;
  /** @returns `undefined` where there is none of this id, or it has expired. */
  read(id: string): Promise<Audit | undefined>;
  /**
   * Writes how far an audit has come, where it still stands as it was read.
   *
   * @param seenStep - The step that it was read at; the audit's own is one more.
   * @returns `false` where another has come further meanwhile.
   */
  save(audit: Audit, seenStep: number): Promise<boolean>;
  /** Lists audits, newest first. @param after - The id to go on after. */
  list(limit: number, after?: string): Promise<AuditPage>;
}

export interface AuditPage {
  readonly audits: readonly Audit[];
  /** The id to go on after; absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}

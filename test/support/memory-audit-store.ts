import type { Audit } from '#shared/domain/audit/audit.ts';
import { NO_COST } from '#shared/domain/read-cost.ts';
import type { AuditPage, AuditStore } from '#shared/ports/audit-store.ts';

/** Audits in memory. */
export class MemoryAuditStore implements AuditStore {
  readonly audits = new Map<string, Audit>();

  async create(audit: Audit): Promise<boolean> {
    if (this.audits.has(audit.id)) return false;
    this.audits.set(audit.id, audit);
    return true;
  }

  async read(id: string): Promise<Audit | undefined> {
    return this.audits.get(id);
  }

  async save(audit: Audit, seenStep: number): Promise<boolean> {
    if (this.audits.get(audit.id)?.step !== seenStep) return false;
    this.audits.set(audit.id, audit);
    return true;
  }

  async list(limit: number, after?: string): Promise<AuditPage> {
    const ids = [...this.audits.keys()].toSorted().toReversed();
    const following = ids.filter((id) => after === undefined || id < after);
    const page = following.slice(0, limit);
    const next = following.length > limit ? page.at(-1) : undefined;
    return {
      audits: page.flatMap((id) => this.audits.get(id) ?? []),
      cost: NO_COST,
      ...(next !== undefined && { next }),
    };
  }
}

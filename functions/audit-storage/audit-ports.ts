import type { AuditStore } from '#shared/ports/audit-store.ts';
import type { AuditedJobs } from '#shared/ports/audited-jobs.ts';
import type { ObjectList } from '#shared/ports/object-list.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What auditing needs. */
export interface AuditPorts {
  readonly now: WallClock;
  readonly audits: AuditStore;
  readonly objects: ObjectList;
  readonly jobs: AuditedJobs;
  readonly queue: StartQueue;
  /** Whether this invocation has time for some pages more; else another goes on. */
  readonly hasTime: () => boolean;
  /** Where it is noted that an object was deleted, and what it was. */
  readonly reportRepair: (key: string, what: string) => void;
}

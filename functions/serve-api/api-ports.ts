import type { StackRetention } from '#shared/contracts/retention.ts';
import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { NamedCalendars } from '#shared/domain/schedule/named-calendars.ts';
import type { Budget } from '#shared/domain/usage/budget.ts';
import type { ArchiveReader, JobRestores } from '#shared/ports/archive.ts';
import type { AuditStore } from '#shared/ports/audit-store.ts';
import type { BackdatedJobs } from '#shared/ports/backdated-jobs.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { JobRetention } from '#shared/ports/job-retention.ts';
import type { JobStandingReader } from '#shared/ports/job-standings.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import type { JobSubmissions } from '#shared/ports/job-submissions.ts';
import type { LedgerReader } from '#shared/ports/ledger-store.ts';
import type { PayloadCopies, PayloadLinks, PayloadStore } from '#shared/ports/payload-store.ts';
import type { RedactionKey } from '#shared/ports/redaction-key.ts';
import type { RollupReader } from '#shared/ports/rollup-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { SettledJobs } from '#shared/ports/settled-jobs.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { UsageReader } from '#shared/ports/usage-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import type { CursorKey } from './cursor.ts';
import type { TaskRegistry } from './task-registry.ts';

/** All that the API works on. */
export interface ApiPorts {
  readonly now: WallClock;
  readonly registry: TaskRegistry;
  /** The calendars that triggers may name. */
  readonly calendars: NamedCalendars;
  readonly retention: StackRetention;
  readonly schedules: ScheduleStore;
  readonly jobs: JobReader;
  readonly settledJobs: SettledJobs;
  readonly jobWrites: Pick<JobStore, 'createSettled' | 'settle' | 'requestCancel'>;
  readonly jobRetention: JobRetention;
  readonly submissions: JobSubmissions;
  readonly usage: UsageReader;
  readonly rollups: RollupReader;
  /** The budgets that are deployed; most stacks have none. */
  readonly budgets: readonly Budget[];
  readonly ledgers: LedgerReader;
  /** Whose prices a forecast is made with. */
  readonly region: string;
  readonly standings: JobStandingReader;
  readonly backfills: ErrandStore<Backfill>;
  readonly backdatings: ErrandStore<Backdating>;
  readonly backdatedJobs: Pick<BackdatedJobs, 'page'>;
  readonly payloads: PayloadLinks;
  readonly payloadCopies: PayloadCopies;
  /** Reads a result's object, to look into it. */
  readonly payloadReads: Pick<PayloadStore, 'getResult'>;
  /** Writes a result's object, of a job that is put back from the archive. */
  readonly payloadWrites: Pick<PayloadStore, 'putResult'>;
  readonly archive: ArchiveReader;
  readonly restores: JobRestores;
  readonly redactionKey: RedactionKey;
  /** Makes the key that redacted values are hashed with, unless it is there. */
  readonly makeRedactionKey: () => Promise<void>;
  readonly queue: StartQueue;
  readonly audits: Pick<AuditStore, 'create' | 'read' | 'list'>;
  readonly cursorKey: CursorKey;
  /** Waits in real time, for a job that someone waits for. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Where an unexpected error goes, with the id that its answer names. */
  reportError(error: unknown, requestId: string): void;
}

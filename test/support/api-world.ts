import { isDeepStrictEqual } from 'node:util';
import type { Hono } from 'hono';
import * as z from 'zod';
import type { ApiPorts } from '#functions/serve-api/api-ports.ts';
import { createApi } from '#functions/serve-api/serve-api.ts';
import { createTaskRegistry } from '#functions/serve-api/task-registry.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import type { StackRetention } from '#shared/contracts/retention.ts';
import type { ArchivedJob } from '#shared/domain/archive/restored-item.ts';
import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { Fence } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import type { Budget } from '#shared/domain/usage/budget.ts';
import type { Written } from '#shared/ports/job-store.ts';
import type { SubmissionMark, Submitted } from '#shared/ports/job-submissions.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { backdatedInMemory } from '#test/support/backdated-in-memory.ts';
import { MemoryAuditStore } from '#test/support/memory-audit-store.ts';
import { MemoryErrandStore } from '#test/support/memory-errand-store.ts';
import { listFromMemory, readFromMemory } from '#test/support/memory-job-lists.ts';
import { MemoryRollups } from '#test/support/memory-rollups.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';
import { MemoryUsageReader } from '#test/support/memory-usage-reader.ts';
import { standingsInMemory } from '#test/support/standings-in-memory.ts';

/** The tasks of an {@link ApiWorld}: one with a strict schema and defaults, one that takes anything, one that is adopted. */
const WORLD_TASKS = [
  {
    id: 'sales-report',
    description: 'Makes a report.',
    inputSchema: {
      type: 'object',
      properties: { rows: { type: 'integer', minimum: 0 }, to: { type: 'string', format: 'uri' } },
      additionalProperties: false,
    },
    timeoutSeconds: 60,
    memoryMb: 512,
    defaults: {
      catchUpWindow: 600,
      retry: { maxAttempts: 2, delay: 30, factor: 2, maxDelay: 900 },
    },
    isAdopted: false,
  },
  {
    id: 'anything',
    description: 'Takes anything.',
    inputSchema: {},
    timeoutSeconds: 60,
    memoryMb: 128,
    defaults: {},
    isAdopted: false,
  },
  {
    id: 'legacy-report',
    description: 'Is run by a function that was there before.',
    inputSchema: {},
    timeoutSeconds: 60,
    memoryMb: 128,
    defaults: {},
    isAdopted: true,
  },
];

/** Who signs the requests to an {@link ApiWorld}. */
export const SIGNER = 'arn:aws:iam::000000000000:user/ada';

/** As API Gateway says it. */
const SIGNED = { requestContext: { authorizer: { iam: { userArn: SIGNER } } } };

/** An answer, its body read as JSON where it is JSON. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly text: string;
}

const problemBody = z.object({
  code: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
    .default([]),
});

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The API on stores in memory, at an instant of its own. */
export class ApiWorld {
  nowSeconds: EpochSeconds = FIRE_TIME;
  /** The calendars that are deployed; a test may change them. */
  readonly calendars: Record<string, readonly string[]> = {};
  /** What holds for the stack's results; a test may change it. */
  readonly retention: Mutable<StackRetention> = {
    resultExpirationTime: 0,
    longestExpirationTime: LONGEST_EXPIRATION_SECONDS,
  };
  /** The budgets that are deployed; a test may add some. */
  readonly budgets: Budget[] = [];
  readonly schedules = new MemoryScheduleStore();
  readonly usage = new MemoryUsageReader();
  readonly rollups = new MemoryRollups();
  readonly backdatings = new MemoryErrandStore<Backdating>();
  readonly backfills = new MemoryErrandStore<Backfill>();
  /** A look at many jobs sees no further than this. */
  lastLookedAt: EpochSeconds = Number.POSITIVE_INFINITY;
  readonly jobs = new Map<string, Job>();
  readonly audits = new MemoryAuditStore();
  readonly sent: QueuedMessage[] = [];
  readonly links: { readonly key: string; readonly seconds: number; readonly signedAt: number }[] =
    [];
  readonly copied: { readonly from: string; readonly to: string }[] = [];
  /** The archive's jobs, by the keys of their files. */
  readonly archived = new Map<string, readonly ArchivedJob[]>();
  redactionKey: Uint8Array | undefined;
  redactionKeysMade = 0;
  /** The payload bucket's objects, as they are stored. */
  readonly objects = new Map<string, Uint8Array>();
  readonly reported: unknown[] = [];
  readonly submitted: Start[] = [];
  readonly slept: number[] = [];
  /** Happens while someone waits for a job. */
  meanwhile: () => void = () => {};
  /** Happens before a job is written. */
  beforeWrite: () => void = () => {};
  readonly #marks = new Map<string, { readonly key: JobKey; readonly mark: SubmissionMark }>();
  readonly api: Hono = createApi(this.#ports());

  /** Sends a request; a body that is no text is sent as JSON. */
  async request(
    method: string,
    path: string,
    options: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  ): Promise<Answered> {
    const { body, headers = {} } = options;
    const request = {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    const response = await this.api.request(path, request, SIGNED);
    const text = await response.text();
    // A part of a JSON is none.
    const isJson =
      response.status !== 206 && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return this.request('POST', '/v1/schedules', { body, headers });
  }

  addJob(job: Job): void {
    this.jobs.set(job.id, job);
  }

  #submit(start: Start, now: EpochSeconds, mark?: SubmissionMark): Submitted {
    const name = `${start.scheduleId} ${mark?.name}`;
    const known = this.#marks.get(name);
    if (mark && known && known.mark.expiresAt > now)
      return known.mark.request === mark.request
        ? { kind: 'repeated', key: known.key }
        : { kind: 'mark-taken' };
    const { task, revision, metadata = {} } = start;
    const key = keyOfStart(start);
    if (mark) this.#marks.set(name, { key, mark });
    const facts = { key, id: jobId(key), task, revision, deliverBy: deliverByOf(start), metadata };
    this.addJob({ ...facts, state: 'queued', attempt: 0 });
    this.submitted.push(start);
    return { kind: 'queued' };
  }

  #change(key: JobKey, from: Fence, changes: Partial<Job>): Written {
    this.beforeWrite();
    const job = this.jobs.get(jobId(key));
    const { state, attempt, owner } = job ?? {};
    const isAsSeen = state === from.state && attempt === from.attempt && owner === from.owner;
    if (!job || !isAsSeen) return { kind: 'refused' };
    this.addJob({ ...job, ...changes });
    return { kind: 'written' };
  }

  #ports(): ApiPorts {
    return {
      now: () => this.nowSeconds,
      registry: createTaskRegistry(WORLD_TASKS),
      calendars: this.calendars,
      retention: this.retention,
      schedules: this.schedules,
      jobs: {
        get: async (key) => this.jobs.get(jobId(key)),
        list: async (listing) => listFromMemory(listing, [...this.jobs.values()]),
      },
      standings: standingsInMemory(this.jobs, () => this.lastLookedAt),
      backfills: this.backfills,
      backdatings: this.backdatings,
      backdatedJobs: { page: async (place) => backdatedInMemory([...this.jobs.values()], place) },
      settledJobs: { read: async (reading) => readFromMemory(reading, [...this.jobs.values()]) },
      usage: this.usage,
      rollups: this.rollups,
      budgets: this.budgets,
      ledgers: this.schedules.ledgers,
      region: 'us-east-1',
      jobRetention: {
        change: async (seen, { expiry, ownExpiry, keep, payload }) => {
          this.beforeWrite();
          if (!isDeepStrictEqual(this.jobs.get(seen.id), seen)) return false;
          const { ownExpiry: _o, resultExpiresAt: _r, keep: _k, heldBy: _h, ...rest } = seen;
          this.addJob({
            ...rest,
            ...(payload && { content: { kind: 'payload', payload } }),
            ...timesOf(seen, expiry, this.nowSeconds),
            retentionRule: expiry.rule,
            ...(ownExpiry && { ownExpiry }),
            ...(keep && { keep, heldBy: seen.key.scheduleId }),
          });
          return true;
        },
      },
      payloadReads: { getResult: async (key) => this.objects.get(key) },
      payloadWrites: {
        putResult: async ({ key, body }) => void this.objects.set(key, body),
      },
      archive: {
        files: async (prefix) =>
          [...this.archived.keys()]
            .filter((key) => key.startsWith(prefix))
            .toSorted()
            .map((key) => ({ key, bytes: 1_000 })),
        ids: async ({ key }) => (this.archived.get(key) ?? []).map(({ job }) => job.id),
        jobs: async ({ key }, rows) => {
          const all = this.archived.get(key) ?? [];
          return rows.flatMap((row) => all[row] ?? []);
        },
      },
      restores: {
        restore: async (item, seen) => {
          this.beforeWrite();
          const job = jobFromItem(item);
          if (this.jobs.get(job.id) !== seen) return false;
          this.addJob(job);
          return true;
        },
      },
      redactionKey: async () => this.redactionKey,
      makeRedactionKey: async () => {
        this.redactionKeysMade += 1;
      },
      payloadCopies: {
        copy: async ({ key: from }, to) => {
          this.copied.push({ from, to });
          return true;
        },
      },
      payloads: {
        presign: async (key, seconds, signedAt = 0) => {
          this.links.push({ key, seconds, signedAt });
          return `https://bucket.example/${key}?seconds=${seconds}`;
        },
      },
      jobWrites: {
        createSettled: async (
          { attempt = 0, ...facts },
          { outcome, error, finishedAt, expiry },
        ) => {
          const id = jobId(facts.key);
          if (this.jobs.has(id)) return { kind: 'refused' };
          this.addJob({
            ...facts,
            id,
            state: 'settled',
            attempt,
            outcome,
            ...(error && { error }),
            finishedAt: toIso(finishedAt),
            expiresAt: expiry.expiresAt,
            retentionRule: expiry.rule,
          });
          return { kind: 'written' };
        },
        settle: async (key, from, { outcome, error, expiry }) =>
          this.#change(key, from, {
            state: 'settled',
            outcome,
            ...(error && { error }),
            expiresAt: expiry.expiresAt,
          }),
        requestCancel: async (key, from, cancelRequested) =>
          this.#change(key, from, { cancelRequested }),
      },
      submissions: { submit: async (...submission) => this.#submit(...submission) },
      // Whoever waits sees what has happened meanwhile.
      sleep: async (milliseconds) => {
        this.slept.push(milliseconds);
        this.meanwhile();
      },
      audits: this.audits,
      cursorKey: async () => new Uint8Array(32),
      queue: { send: async (message) => void this.sent.push(message) },
      reportError: (error) => void this.reported.push(error),
    };
  }
}

/** Reads an answer as a problem: its code, and each fault as `pointer code`. */
export function problemIn({ json }: Answered): {
  readonly code: string;
  readonly faults: string[];
} {
  const { code, errors } = problemBody.parse(json);
  return { code, faults: errors.map((fault) => `${fault.pointer} ${fault.code}`) };
}

/** Builds a body that is accepted, with some fields otherwise; `undefined` leaves one out. */
export function aBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'daily-sales',
    task: 'sales-report',
    trigger: { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'UTC' },
    ...changes,
  };
}

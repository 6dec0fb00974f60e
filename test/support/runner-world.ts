import { EventEmitter } from 'node:events';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleStatus } from '#shared/domain/job/decide-skip.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { AttemptStanding } from '#shared/ports/job-watch.ts';
import type { PayloadObject } from '#shared/ports/payload-store.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import type { InputResolver } from '#shared/runner/resolve-input.ts';
import type { RunTask } from '#shared/runner/run-claimed.ts';
import { type JobEnd, runJob } from '#shared/runner/run-job.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';
import { MemorySlotStore, memoryWaitingJobs } from '#test/support/memory-turns.ts';

/** Everything that a runner touches, in memory, at an instant of its own. */
export class RunnerWorld {
  nowSeconds: EpochSeconds;
  scheduleStatus: ScheduleStatus = { kind: 'active' };
  /** How often the schedule was asked about. */
  scheduleReads = 0;
  /** What a task that watches its job finds. */
  standing: AttemptStanding = 'wanted';
  readonly jobs = new MemoryJobStore();
  readonly slots = new MemorySlotStore();
  /** What replaces the references of an input. */
  inputs: InputResolver = { resolve: () => Promise.reject(new Error('Expected no references.')) };
  redactionKey: Uint8Array | undefined = Uint8Array.of(1, 2, 3);
  readonly results: PayloadObject[] = [];
  readonly unsettled = new Map<string, string>();
  readonly sent: QueuedMessage[] = [];
  /** Which of the parts that are loaded on demand were loaded. */
  readonly loaded = new Set<string>();
  /** Tells the runner of errors that nobody catches, as the process does. */
  readonly lostErrors = new EventEmitter();
  #owners = 0;

  constructor(nowSeconds: EpochSeconds = FIRE_TIME) {
    this.nowSeconds = nowSeconds;
  }

  /** Runs a start with a minute left of the invocation. */
  run(start: Start, task: RunTask, changes: Partial<RunnerPorts> = {}): Promise<JobEnd> {
    const ports = { ...this.ports(), ...changes };
    return runJob({ start, run: task }, { remainingMs: () => 60_000 }, ports);
  }

  ports(): RunnerPorts {
    return {
      jobs: this.jobs,
      schedules: {
        read: async () => {
          this.scheduleReads += 1;
          return this.scheduleStatus;
        },
      },
      payloads: async () => {
        this.loaded.add('payloads');
        return {
          putResult: async (object) => void this.results.push(object),
          putShared: async (object) => void this.results.push(object),
          openUpload: () => {
            throw new Error('Expected no task to return a file.');
          },
          putUnsettled: async (key, text) => void this.unsettled.set(key, text),
        };
      },
      redactionKey: async () => {
        this.loaded.add('redactionKey');
        return this.redactionKey;
      },
      history: async () => {
        this.loaded.add('history');
        return {
          successBefore: async (key) => this.jobs.successBefore(key),
          get: async (key) => this.jobs.settledJob(key),
        };
      },
      starts: async () => {
        this.loaded.add('starts');
        return { send: async (message) => void this.sent.push(message) };
      },
      turns: async () => {
        this.loaded.add('turns');
        return { slots: this.slots, waiting: memoryWaitingJobs(this.jobs) };
      },
      watch: async () => {
        this.loaded.add('watch');
        return { look: async () => this.standing };
      },
      inputs: async () => {
        this.loaded.add('inputs');
        return this.inputs;
      },
      nowMs: () => this.nowSeconds * 1000,
      lostErrors: this.lostErrors,
      newOwner: () => {
        this.#owners += 1;
        return `owner-${this.#owners}`;
      },
    };
  }
}

import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import {
  isFixed,
  LARGEST_REFERRED_BYTES,
  type ResultReference,
} from '#shared/domain/input/result-reference.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { JobHistory, JobReader } from '#shared/ports/job-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import { InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { resultText } from '#shared/runner/result-text.ts';

/** What reading results needs of the world; the parts are loaded when first used. */
export interface InputPorts {
  readonly history: () => Promise<Pick<JobHistory, 'newest'> & Pick<JobReader, 'get'>>;
  readonly payloads: () => Promise<Pick<PayloadStore, 'getResult'>>;
  readonly now: () => EpochSeconds;
}

/** The jobs and results that one input refers to, each read once. */
export class ReferredResults {
  readonly #start: Start;
  readonly #ports: InputPorts;
  readonly #jobs = new Map<string, Job | undefined>();
  readonly #texts = new Map<string, string | undefined>();
  #bytes = 0;

  constructor(start: Start, ports: InputPorts) {
    this.#start = start;
    this.#ports = ports;
  }

  async find({ schedule: scheduleId, pick }: ResultReference): Promise<Job | undefined> {
    const name = `${pick} ${scheduleId}`;
    if (this.#jobs.has(name)) return this.#jobs.get(name);
    const history = await this.#ports.history();
    const job =
      pick === 'upstream'
        ? await history.get({ scheduleId, fireTime: this.#start.fireTime })
        : await history.newest({
            scheduleId,
            isSuccessOnly: pick === 'latest-success',
            now: this.#ports.now(),
          });
    this.#jobs.set(name, job);
    return job;
  }

  /** @throws {InputUnavailable} Before it is read, where it would be too much with those before it. */
  async read(job: Job, reference: ResultReference): Promise<string | undefined> {
    if (this.#texts.has(job.id)) return this.#texts.get(job.id);
    this.#bytes += job.resultBytes ?? 0;
    if (this.#bytes > LARGEST_REFERRED_BYTES)
      throw new InputUnavailable(
        `Expected results of at most ${LARGEST_REFERRED_BYTES} bytes for one input, got ${this.#bytes} with ${job.id}.`,
        { name: 'LargeInput', outcome: 'error', isFinal: isFixed(reference) },
      );
    const text = job.content && (await resultText(job.content, this.#ports.payloads));
    this.#texts.set(job.id, text);
    return text;
  }
}

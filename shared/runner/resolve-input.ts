import { selectJson } from '#shared/adapters/jmespath/select-json.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { decideSource } from '#shared/domain/input/decide-source.ts';
import { findReferences } from '#shared/domain/input/find-references.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import { fillReferences } from '#shared/domain/input/reference-places.ts';
import {
  LARGEST_REFERRED_BYTES,
  type ResultReference,
} from '#shared/domain/input/result-reference.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { JobHistory, JobReader } from '#shared/ports/job-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import { type InputEnd, InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { resultText } from '#shared/runner/result-text.ts';

/** An input whose references have been replaced, and by what. */
export interface ResolvedInput {
  readonly input: unknown;
  readonly inputs: readonly InputSource[];
}

/** What resolving needs of the world; the parts are loaded when first used. */
export interface InputPorts {
  readonly history: () => Promise<Pick<JobHistory, 'newest'> & Pick<JobReader, 'get'>>;
  readonly payloads: () => Promise<Pick<PayloadStore, 'getResult'>>;
  readonly now: () => EpochSeconds;
}

/** Replaces the references of inputs. */
export interface InputResolver {
  /**
   * Reads each result that a start's input refers to, once, by a query or a read, and one more where it lies in the bucket.
   *
   * @throws {InputUnavailable} Where a job should not run with what there is.
   * @throws {AlmanacError} `store.unavailable`.
   */
  resolve(start: Start): Promise<ResolvedInput>;
}

/** Makes a resolver on what is stored. */
export function createInputResolver(ports: InputPorts): InputResolver {
  return { resolve: (start) => resolve(start, ports) };
}

async function resolve(start: Start, ports: InputPorts): Promise<ResolvedInput> {
  const { references, faults } = findReferences(start.input);
  // The API lets no such input in; a start by other ways may have one.
  const [fault] = faults;
  if (fault) throw new InputUnavailable(fault.detail, UNFIT);
  const shelf = new Shelf(start, ports);
  const values = new Map<string, unknown>();
  const inputs: InputSource[] = [];
  for (const reference of references) {
    const { source, text } = await take(reference, shelf, ports);
    values.set(reference.pointer, text === undefined ? null : select(reference, text, source.job));
    inputs.push(source);
  }
  return { input: fillReferences(start.input, values), inputs };
}

const UNFIT: InputEnd = { name: 'UnfitInput', outcome: 'error', isFinal: true };

/** What a job upstream has left does not change; the latest job may be another by the next attempt. */
function isFinal({ pick }: ResultReference): boolean {
  return pick === 'upstream';
}

interface Taken {
  readonly source: InputSource;
  /** Absent where there is nothing to read. */
  readonly text?: string;
}

async function take(reference: ResultReference, shelf: Shelf, ports: InputPorts): Promise<Taken> {
  const { pointer } = reference;
  const job = await shelf.find(reference);
  const decision = decideSource(reference, job, ports.now());
  // A stale result is not even read where its job is not to run.
  if (decision.stale !== undefined) refuseStale(reference, decision.stale);
  const text = job && decision.isReadable ? await shelf.read(job, reference) : undefined;
  const isGone = decision.isReadable && text === undefined;
  if (isGone) refuseStale(reference, `${job?.id}, whose result is gone`);
  const isStale = decision.stale !== undefined || isGone;
  const source: InputSource = {
    pointer,
    ...(job && { job: job.id }),
    ...(job?.finishedAt !== undefined && { finishedAt: job.finishedAt }),
    ...(isStale && { isStale: true as const }),
  };
  return { source, ...(text !== undefined && { text }) };
}

const MEANT = {
  'latest-success': 'the latest successful job',
  latest: 'the latest job',
  upstream: 'the job that started this one',
} as const;

/** @throws {InputUnavailable} Unless the job is to run all the same. */
function refuseStale(reference: ResultReference, got: string): void {
  const { pointer, schedule, pick, onStale } = reference;
  if (onStale === 'run') return;
  throw new InputUnavailable(
    `Expected the result of ${MEANT[pick]} of ${schedule} for ${pointer || 'the input'}, got ${got}.`,
    {
      name: 'StaleInput',
      outcome: onStale === 'skip' ? 'skipped' : 'error',
      isFinal: isFinal(reference),
    },
  );
}

function select(reference: ResultReference, text: string, job: string | undefined): unknown {
  const { select: expression } = reference;
  if (expression === undefined) return JSON.parse(text);
  try {
    return selectJson(expression, text);
  } catch (error) {
    throw new InputUnavailable(
      `Expected \`${expression.slice(0, 64)}\` to fit the result of ${job}`,
      { ...UNFIT, isFinal: isFinal(reference), cause: error },
    );
  }
}

/** The jobs and results that one input refers to, each read once. */
class Shelf {
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
        { name: 'LargeInput', outcome: 'error', isFinal: isFinal(reference) },
      );
    const text = job.content && (await resultText(job.content, this.#ports.payloads));
    this.#texts.set(job.id, text);
    return text;
  }
}

import { decideSource } from '#shared/domain/input/decide-source.ts';
import { findReferences } from '#shared/domain/input/find-references.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import { fillReferences } from '#shared/domain/input/reference-places.ts';
import {
  isFixed,
  MOST_REFERENCES,
  type ResultReference,
} from '#shared/domain/input/result-reference.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { queryJson } from '#shared/domain/result/query-json.ts';
import { type InputEnd, InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { type InputPorts, ReferredResults } from '#shared/runner/referred-results.ts';

/** An input whose references have been replaced, and by what. */
export interface ResolvedInput {
  readonly input: unknown;
  readonly inputs: readonly InputSource[];
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
  if (references.length > MOST_REFERENCES)
    throw new InputUnavailable(
      `Expected at most ${MOST_REFERENCES} references to results, got ${references.length}.`,
      UNFIT,
    );
  const results = new ReferredResults(start, ports);
  const values = new Map<string, unknown>();
  const inputs: InputSource[] = [];
  for (const reference of references) {
    const { source, text } = await take(reference, results, ports);
    values.set(reference.pointer, text === undefined ? null : select(reference, text, source.job));
    inputs.push(source);
  }
  return { input: fillReferences(start.input, values), inputs };
}

const UNFIT: InputEnd = { name: 'UnfitInput', outcome: 'error', isFinal: true };

interface Taken {
  readonly source: InputSource;
  /** Absent where there is nothing to read. */
  readonly text?: string;
}

async function take(
  reference: ResultReference,
  results: ReferredResults,
  ports: InputPorts,
): Promise<Taken> {
  const { pointer } = reference;
  const job = await results.find(reference);
  const decision = decideSource(reference, job, ports.now());
  // A stale result is not even read where its job is not to run.
  if (decision.stale !== undefined) refuseStale(reference, decision.stale);
  const text = job && decision.isReadable ? await results.read(job, reference) : undefined;
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

/** @throws {InputUnavailable} Unless the job is to run all the same. */
function refuseStale(reference: ResultReference, got: string): void {
  const { pointer, onStale } = reference;
  if (onStale === 'run') return;
  throw new InputUnavailable(
    `Expected the result of ${meant(reference)} for ${pointer || 'the input'}, got ${got}.`,
    {
      name: 'StaleInput',
      outcome: onStale === 'skip' ? 'skipped' : 'error',
      isFinal: isFixed(reference),
    },
  );
}

function meant({ pick, schedule }: ResultReference): string {
  switch (pick) {
    case 'latest-success':
      return `the latest successful job of ${schedule}`;
    case 'latest':
      return `the latest job of ${schedule}`;
    case 'upstream':
      return `the job of ${schedule} that started this one`;
  }
}

function select(reference: ResultReference, text: string, job: string | undefined): unknown {
  const { select: expression } = reference;
  const value: unknown = JSON.parse(text);
  if (expression === undefined) return value;
  const found = queryJson(expression, value);
  // What is taken becomes an input, and that is JSON, whatever else the library finds in objects.
  if (found.kind === 'found') return JSON.parse(JSON.stringify(found.value) ?? 'null');
  throw new InputUnavailable(
    `Expected \`${expression.slice(0, 64)}\` to fit the result of ${job}: ${found.reason}`,
    { ...UNFIT, isFinal: isFixed(reference) },
  );
}

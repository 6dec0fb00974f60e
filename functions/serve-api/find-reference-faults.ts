import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { FoundReferences } from '#shared/domain/input/find-references.ts';
import {
  MOST_REFERENCES,
  REFERENCE,
  type ResultReference,
} from '#shared/domain/input/result-reference.ts';
import { findQueryFault } from '#shared/domain/result/query-json.ts';

/** What the references of an input are found in. */
export interface ReferenceContext {
  readonly task: DeployedTask | undefined;
  /** The schedule's, as its user wrote it. */
  readonly trigger: unknown;
}

/** Finds what is wrong with the references of an input; pointers begin at `/input`. */
export function findReferenceFaults(
  { references, faults }: FoundReferences,
  { task, trigger }: ReferenceContext,
): readonly RequestFault[] {
  return [
    ...faults.map(({ pointer, detail }) => fault(pointer, detail)),
    ...references.flatMap((reference) => findSelectFaults(reference)),
    ...references.flatMap((reference) => findUpstreamFaults(reference, trigger)),
    ...(references.length > MOST_REFERENCES ? [tooMany(references.length)] : []),
    ...(task?.isAdopted && references.length > 0 ? [unresolved(task)] : []),
  ];
}

function findSelectFaults({ pointer, select }: ResultReference): readonly RequestFault[] {
  const found = select === undefined ? undefined : findQueryFault(select);
  if (found === undefined) return [];
  return [
    fault(
      `${pointer}/${REFERENCE}/select`,
      `Expected \`select\` to be a JMESPath expression, got what is none: ${found}.`,
    ),
  ];
}

function findUpstreamFaults(
  { pointer, schedule, pick }: ResultReference,
  trigger: unknown,
): readonly RequestFault[] {
  const { kind, schedule: upstream }: Readonly<Record<string, unknown>> = Object(trigger);
  if (pick !== 'upstream' || (kind === 'after' && upstream === schedule)) return [];
  return [
    fault(
      `${pointer}/${REFERENCE}/pick`,
      `Expected \`upstream\` only of the schedule that the trigger comes \`after\`, got \`${schedule}\`.`,
    ),
  ];
}

function tooMany(count: number): RequestFault {
  return fault('', `Expected at most ${MOST_REFERENCES} references to results, got ${count}.`);
}

function unresolved({ id }: DeployedTask): RequestFault {
  return fault(
    '',
    `Expected no reference to a result where the task is \`${id}\`, got one: its function was adopted, and runs without the runner, which would replace it.`,
  );
}

function fault(pointer: string, detail: string): RequestFault {
  return { pointer: `/input${pointer}`, code: 'input.reference', detail };
}

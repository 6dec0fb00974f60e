import type { RequestFault } from '#shared/domain/almanac-error.ts';
import { findReferences } from '#shared/domain/input/find-references.ts';
import { referencePlaces } from '#shared/domain/input/reference-places.ts';
import { findReferenceFaults } from './find-reference-faults.ts';
import type { TaskRegistry } from './task-registry.ts';

/** Serialized input above this leaves no room for the rest of a start in EventBridge's 256 KB. */
const LARGEST_INPUT_BYTES = 240 * 1_024;

/** An input, and what it is for. */
export interface GivenInput {
  /** A name that is no task's has no schema. */
  readonly task: string;
  readonly input: unknown;
  /** The schedule's, as its user wrote it; absent where there is none. */
  readonly trigger?: unknown;
}

/**
 * Finds all that is wrong with an input: its references to results, what the task's schema says of the rest, and its size.
 *
 * What will stand in the place of a reference is not known yet, so the schema is not asked about it.
 */
export function findInputFaults(
  { task, input, trigger }: GivenInput,
  registry: TaskRegistry,
): readonly RequestFault[] {
  const places = [...referencePlaces(input)].map(({ pointer }) => pointer);
  const found = findReferences(input);
  return [
    ...findReferenceFaults(found, { task: registry.find(task), trigger }),
    ...registry.findInputFaults(task, input, places),
    ...findSizeFaults(input),
  ];
}

function findSizeFaults(input: unknown): readonly RequestFault[] {
  // As it is stored in EventBridge, where each `<` takes six bytes.
  const bytes = Buffer.byteLength(JSON.stringify(input).replaceAll('<', String.raw`\u003c`));
  if (bytes <= LARGEST_INPUT_BYTES) return [];
  return [
    {
      pointer: '/input',
      code: 'input.too-large',
      detail: `Expected \`input\` to be at most ${LARGEST_INPUT_BYTES} bytes as EventBridge stores it, got ${bytes}. Put it in S3 and pass its key.`,
    },
  ];
}

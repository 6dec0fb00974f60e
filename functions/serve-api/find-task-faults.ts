import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { TaskRegistry } from './task-registry.ts';

/** Serialized input above this leaves no room for the rest of a start in EventBridge's 256 KB. */
const LARGEST_INPUT_BYTES = 240 * 1_024;

/** Finds what is wrong with a task's name, at `/task`. */
export function findTaskFaults(task: string, registry: TaskRegistry): readonly RequestFault[] {
  if (registry.find(task)) return [];
  const known = registry.tasks.map(({ id }) => `\`${id}\``).join(', ');
  return [
    {
      pointer: '/task',
      code: 'task.unknown',
      detail: `Expected \`task\` to be one that is deployed: ${known}, got \`${task.slice(0, 64)}\`.`,
    },
  ];
}

/** Finds an input that is too large for a start, at `/input`. */
export function findSizeFaults(input: unknown): readonly RequestFault[] {
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

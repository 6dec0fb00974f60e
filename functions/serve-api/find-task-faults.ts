import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { TaskRegistry } from './task-registry.ts';

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

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { pointerOf, shown } from '#shared/contracts/faults-of.ts';
import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';

/** The tasks that this deployment has, and what input each takes. */
export interface TaskRegistry {
  /** In order of their ids. */
  readonly tasks: readonly DeployedTask[];
  find(taskId: string): DeployedTask | undefined;
  /**
   * Checks an input against the task's schema; pointers begin at `/input`.
   *
   * @param except - Pointers within the input: what stands there, or below, is not what the task gets, and not looked at.
   */
  findInputFaults(
    taskId: string,
    input: unknown,
    except?: readonly string[],
  ): readonly RequestFault[];
}

/** More faults of one input than this tell nobody more. */
const MOST_FAULTS = 20;

/** Makes a registry of the tasks that the stack has listed. */
export function createTaskRegistry(tasks: readonly DeployedTask[]): TaskRegistry {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true });
  formats.default(ajv);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (task: DeployedTask) => {
    const validate = validators.get(task.id) ?? ajv.compile(task.inputSchema);
    validators.set(task.id, validate);
    return validate;
  };
  return {
    tasks: tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    find: (taskId) => byId.get(taskId),
    findInputFaults: (taskId, input, except = []) => {
      const task = byId.get(taskId);
      if (!task) return [];
      const validate = validatorOf(task);
      if (validate(input)) return [];
      return (validate.errors ?? [])
        .filter(({ instancePath }) => !except.some((pointer) => isAtOrBelow(pointer, instancePath)))
        .slice(0, MOST_FAULTS)
        .map(faultOf);
    },
  };
}

function isAtOrBelow(pointer: string, path: string): boolean {
  return path === pointer || path.startsWith(`${pointer}/`);
}

function faultOf({
  instancePath,
  keyword,
  message = 'as its schema says',
  params,
}: ErrorObject): RequestFault {
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    return {
      pointer: `/input${instancePath}${pointerOf([name])}`,
      code: 'input.invalid',
      detail: `Expected only the members of the task's input schema, got ${shown(name)}.`,
    };
  }
  const subject =
    instancePath === '' ? 'the input' : `\`input${instancePath.replaceAll('/', '.')}\``;
  return {
    pointer: `/input${instancePath}`,
    code: 'input.invalid',
    detail: `Expected ${subject} to be as the task's schema says: it ${message}.`,
  };
}

import { type Operation, PAGE_PROBLEMS } from '#shared/contracts/operation.ts';
import type { ErrandKind } from '#shared/domain/errand/errand.ts';

/**
 * Describes the operations that errands of all kinds have: to list, to read and to cancel them.
 *
 * @param whatStays - What a cancelled one leaves, as the end of a sentence.
 */
export function errandOperations(
  kind: ErrandKind,
  whatStays: string,
): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const list = `/v1/schedules/{scheduleId}/${kind}s`;
  const one = `${list}/{${kind}Id}`;
  return {
    [list]: {
      get: {
        id: `list${name}s`,
        summary: `Lists a schedule's ${kind}s, newest first`,
        query: 'page',
        answers: { 200: { description: 'A page, which may be short.', body: `${name}Page` } },
        problems: [...PAGE_PROBLEMS, 'schedule.not-found'],
      },
    },
    [one]: {
      get: {
        id: `get${name}`,
        summary: `Reads a ${kind}; it can be read for 30 days after its end`,
        answers: { 200: { description: `The ${kind}.`, body: name } },
        problems: [`${kind}.not-found`],
      },
    },
    [`${one}/cancel`]: {
      post: {
        id: `cancel${name}`,
        summary: `Stops a ${kind}; ${whatStays}`,
        answers: { 200: { description: `The ${kind} as it is now.`, body: name } },
        problems: [`${kind}.not-found`, `${kind}.ended`],
      },
    },
  };
}

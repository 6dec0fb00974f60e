import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';

type Times = Pick<DeployedTask['defaults'], 'resultExpirationTime' | 'recordExpirationTime'>;

/** Finds the expiration times of a body that pass the stack's maximum. */
export function findRetentionFaults(
  { resultExpirationTime, recordExpirationTime }: Times,
  longestSeconds: number,
): readonly RequestFault[] {
  const times =
    typeof resultExpirationTime === 'object'
      ? Object.entries(resultExpirationTime).map(([outcome, seconds]) => ({
          path: ['resultExpirationTime', outcome],
          seconds,
        }))
      : [{ path: ['resultExpirationTime'], seconds: resultExpirationTime }];
  return [...times, { path: ['recordExpirationTime'], seconds: recordExpirationTime }].flatMap(
    ({ path, seconds = 0 }) =>
      seconds <= longestSeconds
        ? []
        : [
            {
              pointer: `/${path.join('/')}`,
              code: 'retention.invalid',
              detail: `Expected \`${path.join('.')}\` to be at most the maximum of this stack, ${longestSeconds} s, got ${seconds} s.`,
            },
          ],
  );
}

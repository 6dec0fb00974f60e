import type { ResultExpirationTime } from '#shared/domain/job/policy.ts';

/** Whose word decided how long a result is kept, and which of its words. `job` is a request for one job alone. */
export type RetentionRule =
  | `${'schedule' | 'task' | 'stack' | 'job'}:${RetentionWord}`
  /** The policy asked for more than the stack allows. */
  | 'stack:maximum'
  | 'schedule:keepLast'
  | 'schedule:keepLastSuccess'
  | 'job:set'
  | 'job:pinned'
  /** Someone has put it back from the archive. */
  | 'job:restored';

/** The words by which a policy states times. */
export type RetentionWord = keyof Extract<ResultExpirationTime, object>;

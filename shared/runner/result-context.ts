import type { StartPolicy } from '#shared/domain/job/policy.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** What storing a result takes. */
export type StoreResultPorts = Pick<
  RunnerPorts,
  'payloads' | 'redactionKey' | 'history' | 'largestResultBytes'
>;

/** The job whose result it is, and all else of its end. */
export interface ResultContext {
  readonly job: ClaimedJob;
  /** The rest of the settlement, whose size counts in the row; without `resultExpiresAt` nothing is stored. */
  readonly settlement: Settlement;
  readonly policy: StartPolicy;
}

/** A result as JSON. */
export interface ResultJson {
  readonly text: string;
  readonly bytes: number;
}

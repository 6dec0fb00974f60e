/**
 * Every way in which Almanac refuses or fails, with the HTTP status that the API answers and the title of its problem.
 *
 * The codes are public and stay as they are; sentences may change.
 */
export const PROBLEMS = {
  'body.malformed': { status: 400, title: 'The body is not JSON' },
  'cursor.invalid': { status: 400, title: 'The cursor is not one that a list gave' },
  'route.unknown': { status: 404, title: 'There is nothing at this address' },
  'schedule.not-found': { status: 404, title: 'There is no such schedule' },
  'job.not-found': { status: 404, title: 'There is no such job' },
  'audit.not-found': { status: 404, title: 'There is no such audit' },
  'backdating.not-found': { status: 404, title: 'There is no such backdating' },
  'backfill.not-found': { status: 404, title: 'There is no such backfill' },
  'metric.not-found': { status: 404, title: 'The schedule has no such metric' },
  'result.not-stored': { status: 404, title: 'The job has no stored result' },
  'method.not-allowed': { status: 405, title: 'The address does not take this method' },
  'schedule.exists': { status: 409, title: 'A schedule with this id exists' },
  'budget.exceeded': { status: 409, title: 'A budget would be exceeded' },
  'job.unfinished': { status: 409, title: 'The job has not ended' },
  'backdating.ended': { status: 409, title: 'The backdating has ended' },
  'backfill.ended': { status: 409, title: 'The backfill has ended' },
  'job.settled': { status: 409, title: 'The job has ended' },
  'result.expired': { status: 410, title: 'The result has expired' },
  'schedule.stale': { status: 412, title: 'The schedule has changed since it was read' },
  'body.too-large': { status: 413, title: 'The body is too large' },
  'range.invalid': { status: 416, title: 'The result has no such range' },
  'body.media-type': { status: 415, title: 'The body is not sent as JSON' },
  'request.invalid': { status: 422, title: 'The request has faults' },
  'diff.other-schedule': { status: 422, title: 'The jobs are of two schedules' },
  'result.not-json': { status: 422, title: 'The result is a file' },
  'result.too-large': { status: 422, title: 'The result is too large for this' },
  'idempotency-key.reused': { status: 422, title: 'The key belongs to another request' },
  internal: { status: 500, title: 'Almanac failed' },
  'store.unavailable': { status: 503, title: 'A store did not answer' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong with one part of a request; all parts are reported together. */
export type FaultCode =
  | 'task.unknown'
  | 'trigger.invalid'
  | 'trigger.never-fires'
  | 'trigger.max-iterations'
  | 'trigger.past'
  | 'trigger.time-zone'
  | 'trigger.too-frequent'
  | 'trigger.cycle'
  | 'trigger.too-deep'
  | 'retention.invalid'
  | 'select.invalid'
  | 'redact.invalid'
  | 'index.invalid'
  | 'metric.invalid'
  | 'input.invalid'
  | 'input.too-large'
  | 'input.reference'
  | 'field.unknown'
  | 'field.invalid'
  | 'id.invalid';

/** One fault of a request. */
export interface RequestFault {
  /** A JSON pointer into the body, as `/trigger/expression`; empty for the whole. */
  readonly pointer: string;
  readonly code: FaultCode;
  /** One sentence: *Expected ‹thing› to be ‹rule›, got ‹value›*. */
  readonly detail: string;
}

/** The members that a problem may have beside those of RFC 9457. */
export interface ProblemMembers {
  /** Where in the archive an expired result is. */
  readonly archive?: string;
}

/** Broken promises and refusals, each with a public code; what is expected in the normal run of things is a value instead. */
export class AlmanacError<Code extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'AlmanacError';
  readonly code: Code;
  /** The faults behind `request.invalid`; empty for the other codes. */
  readonly faults: readonly RequestFault[];
  /** What the problem says besides, each a member of its own. */
  readonly members: ProblemMembers;

  constructor(
    code: Code,
    message: string,
    options: {
      readonly faults?: readonly RequestFault[];
      readonly members?: ProblemMembers;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.members = options.members ?? {};
  }
}

import type { ProblemCode } from '#shared/domain/almanac-error.ts';

/** One operation of the API, as its documentation is made from it. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly query?:
    | 'change'
    | 'result'
    | 'explain'
    | 'jobs'
    | 'jobsOfSchedule'
    | 'latest'
    | 'metrics'
    | 'page'
    | 'preview'
    | 'usage'
    | 'write';
  readonly headers?: readonly (keyof typeof REQUEST_HEADERS)[];
  /** The component that the body is. */
  readonly body?: string;
  /** Whether the body is a JSON merge patch, which has a media type of its own beside that of JSON. */
  readonly isPatch?: boolean;
  /** Whether the body may be left out; it must be sent otherwise. */
  readonly mayLackBody?: boolean;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  readonly problems: readonly ProblemCode[];
}

/** What an operation answers with a status. */
export interface Answer {
  readonly description: string;
  /** The component that the body is; absent where there is none. */
  readonly body?: string;
  readonly headers?: readonly (keyof typeof HEADERS)[];
  /** Absent: `application/json`. */
  readonly mediaType?: string;
}

/** The headers that answers say something with. */
export const HEADERS = {
  'Cache-Control': 'Whether, and for how long, the answer may be kept.',
  ETag: 'Names this state, for `If-Match` and `If-None-Match`.',
  Location: 'Where it is.',
  'Retry-After': 'After how many seconds asking again is worth while.',
} as const;

/** The headers that requests say something with. */
export const REQUEST_HEADERS = {
  'If-None-Match': 'ETags of answers that the caller has.',
  'If-Match': 'The ETag that the schedule was read with.',
  'Idempotency-Key':
    'Names this request: one with the same key, by the same caller to the same address within 24 hours, finds the job of the first.',
  Range: '`bytes=0-99`: a part of a result that is no link.',
  Prefer: '`wait=20` answers when the job has settled, or after so many seconds, 25 at most.',
} as const;

/** What each kind of address is named by. */
export const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  scheduleId: 'The id of a schedule.',
  auditId: 'The id of an audit: the day of the daily one, as `2026-11-23`.',
  otherId: 'The id of another job of the same schedule.',
  backdatingId: 'The id of a backdating, a ULID.',
  backfillId: 'The id of a backfill, a ULID.',
  jobId: 'The id of a job, as `daily-sales@20261123T090000Z`.',
};

/** How any request with a body may fail. */
export const BODY_PROBLEMS = [
  'body.malformed',
  'body.too-large',
  'body.media-type',
  'request.invalid',
] as const;

/** How any list may fail. */
export const PAGE_PROBLEMS = ['cursor.invalid', 'request.invalid'] as const;

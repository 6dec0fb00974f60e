import type { Caller, Permission } from '#local/iam/caller.ts';

export type ServiceName = 'dynamodb' | 's3' | 'sqs' | 'scheduler' | 'events' | 'lambda' | 'api';

/** An HTTP request whose body has been read whole. */
export interface WireRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
  /** The IP address of the other end. */
  readonly sourceIp: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** One call, understood but not yet carried out: so that faults and policies can come between. */
export interface Operation {
  /** AWS's name of it, as `PutItem`; faults and request counts go by it. */
  readonly name: string;
  /** Checked in order for a role; the first that is not granted refuses the call. */
  readonly permissions: readonly Permission[];
  /** Whether `run` may wait for something to come, as a long poll does; it is not under way meanwhile. */
  readonly isWaiting?: true;
  run(): Promise<WireResponse> | WireResponse;
}

/**
 * A local service that speaks an AWS wire protocol. All have this shape, so that one HTTP front counts, checks,
 * disturbs and serves them all.
 */
export interface LocalService {
  readonly name: ServiceName;
  /** A larger body is refused before it is read to the end. */
  readonly maxBodyBytes: number;
  /**
   * Understands a request.
   *
   * @throws {ServiceFault} for what no operation takes.
   */
  route(request: WireRequest): Operation;
  /** Puts a fault in the words and headers of the service's protocol. */
  renderFault(fault: ServiceFault, request: WireRequest): WireResponse;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An error that a service answers with, as AWS names it. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  /** AWS's code, as `ConditionalCheckFailedException`. */
  readonly code: string;
  readonly status: number;
  /** Further members of the answer, as `Item` or `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: {
      readonly status?: number;
      readonly members?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

/** The code that {@link LocalService.renderFault} gets for a call that a role's policies do not grant. */
export const ACCESS_DENIED = 'AccessDenied';

import { randomUUID } from 'node:crypto';
import type { Caller } from '#local/iam/caller.ts';
import { ENVIRONMENT_LIMITS } from '#local/services/lambda/environment-limits.ts';
import { EnvironmentPool } from '#local/services/lambda/environment-pool.ts';
import {
  type EnvironmentHost,
  ExecutionEnvironment,
} from '#local/services/lambda/execution-environment.ts';
import { functionNotFound, throttled } from '#local/services/lambda/lambda-faults.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';

export interface InvocationRequest {
  /** A new one when absent; the retries of one event share theirs. */
  readonly requestId?: string;
  /** Read once the invocation has its place, so that a long queue is not held in memory. */
  readonly payload: () => Buffer;
  /** See {@link hasPlace}. */
  readonly depth: number;
  /** Real milliseconds to wait for a place; without it, the wait has no end. */
  readonly waitMs?: number;
}

export interface InvocationEnd {
  readonly requestId: string;
  readonly payload: Buffer;
  readonly isError: boolean;
  readonly log: Buffer;
}

/** How long a synchronous invocation waits for a place: API Gateway's own patience. See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const SYNC_WAIT_MS = 30_000;

/** Runs functions, each invocation in an environment of its own. */
export class Invoker implements AsyncDisposable {
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #pool: EnvironmentPool<ExecutionEnvironment>;
  readonly #environments = new WeakMap<Caller, ExecutionEnvironment>();
  /** Invocations that run or wait, by function: what reserved concurrency bounds. */
  readonly #underWay = new Map<string, number>();
  #isClosed = false;

  constructor(functions: ReadonlyMap<string, LambdaFunction>, host: EnvironmentHost) {
    this.#functions = functions;
    this.#pool = new EnvironmentPool(async (functionName) => {
      const environment = await ExecutionEnvironment.start(this.#find(functionName), host);
      this.#environments.set(environment.caller, environment);
      return environment;
    }, ENVIRONMENT_LIMITS);
  }

  /** Whether what ends now may have ended because the service does. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Runs a function once.
   *
   * @throws {ServiceFault} `TooManyRequestsException` beyond the reserved concurrency, or when no place is found in time.
   */
  async invoke(functionName: string, request: InvocationRequest): Promise<InvocationEnd> {
    const { reservedConcurrency } = this.#find(functionName);
    const underWay = this.#underWay.get(functionName) ?? 0;
    if (reservedConcurrency !== undefined && underWay >= reservedConcurrency)
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    this.#underWay.set(functionName, underWay + 1);
    try {
      return await this.#run(functionName, request);
    } finally {
      this.#underWay.set(functionName, (this.#underWay.get(functionName) ?? 1) - 1);
    }
  }

  /** How deep a synchronous call by someone lies: one below the invocation that makes it. */
  depthOfCallBy(caller: Caller): number {
    return (this.#environments.get(caller)?.depth ?? 0) + 1;
  }

  kill(functionName: string): void {
    this.#pool.kill(functionName);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#pool[Symbol.asyncDispose]();
  }

  async #run(functionName: string, request: InvocationRequest): Promise<InvocationEnd> {
    const { requestId = randomUUID(), depth, waitMs } = request;
    for (;;) {
      const environment = await this.#pool.acquire({ functionName, depth, waitMs });
      try {
        const end = await environment.run({ requestId, depth, payload: request.payload() });
        // A process that had ended unseen was warm; in the end a new one takes the event.
        if (end.kind === 'answered') return { requestId, ...end };
      } finally {
        this.#pool.release(environment);
      }
    }
  }

  #find(functionName: string): LambdaFunction {
    const found = this.#functions.get(functionName);
    if (!found) throw functionNotFound(functionName);
    return found;
  }
}

import { type EnvironmentLimits, hasPlace } from '#local/services/lambda/environment-limits.ts';
import { closing, throttled } from '#local/services/lambda/lambda-faults.ts';
import { WaitingLine } from '#local/services/lambda/waiting-line.ts';

/** What the pool needs of an environment. */
export interface PooledEnvironment extends AsyncDisposable {
  readonly hasEnded: boolean;
  kill(): void;
}

export interface PlaceRequest {
  readonly functionName: string;
  readonly depth: number;
  /** Real milliseconds after which the wait is given up; without it, it has no end. */
  readonly waitMs?: number | undefined;
}

interface Waiter extends PlaceRequest {
  readonly enter: () => void;
  readonly refuse: (fault: Error) => void;
  timer?: NodeJS.Timeout;
}

interface Idle<Environment> {
  readonly functionName: string;
  readonly environment: Environment;
  readonly timer: NodeJS.Timeout;
}

/**
 * Lends environments, at most so many at once, to one invocation each.
 *
 * The one used last is used first again. Who finds no place waits in the order of coming, passed only by calls that
 * {@link hasPlace} lets in before.
 */
export class EnvironmentPool<Environment extends PooledEnvironment> {
  readonly #start: (functionName: string) => Promise<Environment>;
  readonly #limits: EnvironmentLimits;
  readonly #busy = new Map<string, number>();
  readonly #lent = new Map<Environment, string>();
  /** Least recently used first. */
  #idle: Idle<Environment>[] = [];
  readonly #waiting = new WaitingLine<Waiter>();
  readonly #starting = new Set<Promise<Environment>>();
  #isClosed = false;

  constructor(start: (functionName: string) => Promise<Environment>, limits: EnvironmentLimits) {
    this.#start = start;
    this.#limits = limits;
  }

  /**
   * Lends an environment, a warm one where there is one. It must be given back.
   *
   * @throws {ServiceFault} `TooManyRequestsException` after the wait, `ServiceException` once the pool is closed.
   */
  async acquire(request: PlaceRequest): Promise<Environment> {
    await this.#place(request);
    const { functionName } = request;
    try {
      return this.#lendIdle(functionName) ?? (await this.#lendNew(functionName));
    } catch (error) {
      this.#leave(functionName);
      throw error;
    }
  }

  /** Takes an environment back, to be lent again unless it has ended. */
  release(environment: Environment): void {
    const functionName = this.#lent.get(environment);
    if (functionName === undefined) return;
    this.#lent.delete(environment);
    if (!environment.hasEnded && !this.#isClosed) this.#keep(functionName, environment);
    this.#leave(functionName);
  }

  /** Ends all environments of a function at once, with what they run. */
  kill(functionName: string): void {
    for (const [environment, name] of this.#lent) if (name === functionName) environment.kill();
    for (const idle of this.#idle) if (idle.functionName === functionName) this.#endIdle(idle);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const waiter of this.#waiting.clear()) waiter.refuse(closing());
    for (const { timer } of this.#idle) clearTimeout(timer);
    const starting = [...this.#starting];
    const environments = [...this.#lent.keys(), ...this.#idle.map((idle) => idle.environment)];
    await Promise.all(environments.map((environment) => environment[Symbol.asyncDispose]()));
    for (const start of await Promise.allSettled(starting))
      if (start.status === 'fulfilled') await start.value[Symbol.asyncDispose]();
  }

  async #place(request: PlaceRequest): Promise<void> {
    if (this.#isClosed) throw closing();
    const entered = Promise.withResolvers<void>();
    const waiter: Waiter = { ...request, enter: entered.resolve, refuse: entered.reject };
    if (request.waitMs !== undefined)
      waiter.timer = setTimeout(() => this.#giveUp(waiter), request.waitMs);
    this.#waiting.add(waiter);
    this.#letIn();
    await entered.promise;
  }

  #giveUp(waiter: Waiter): void {
    this.#waiting.remove(waiter);
    waiter.refuse(throttled('ConcurrentInvocationLimitExceeded'));
  }

  #letIn(): void {
    const next = () => this.#waiting.takeFirst((waiter) => this.#hasPlace(waiter));
    for (let waiter = next(); waiter; waiter = next()) {
      const { functionName } = waiter;
      clearTimeout(waiter.timer);
      this.#busy.set(functionName, (this.#busy.get(functionName) ?? 0) + 1);
      waiter.enter();
    }
  }

  #hasPlace({ functionName, depth }: Waiter): boolean {
    const ofFunction = this.#busy.get(functionName) ?? 0;
    return hasPlace({ ofFunction, inAll: sum(this.#busy.values()) }, depth, this.#limits);
  }

  #leave(functionName: string): void {
    this.#busy.set(functionName, (this.#busy.get(functionName) ?? 1) - 1);
    this.#letIn();
  }

  #lendIdle(functionName: string): Environment | undefined {
    this.#idle = this.#idle.filter((idle) => !idle.environment.hasEnded);
    const idle = this.#idle.findLast((candidate) => candidate.functionName === functionName);
    if (!idle) return undefined;
    this.#forget(idle);
    this.#lent.set(idle.environment, functionName);
    return idle.environment;
  }

  async #lendNew(functionName: string): Promise<Environment> {
    // Places are counted by what runs, so at the limit one of the processes must be idle.
    const [leastRecent] = this.#idle;
    if (leastRecent && sum(this.#busy.values()) + this.#idle.length > this.#limits.inAll)
      this.#endIdle(leastRecent);
    const starting = this.#start(functionName);
    this.#starting.add(starting);
    try {
      const environment = await starting;
      if (this.#isClosed) throw closing();
      this.#lent.set(environment, functionName);
      return environment;
    } finally {
      this.#starting.delete(starting);
    }
  }

  #keep(functionName: string, environment: Environment): void {
    const timer = setTimeout(() => this.#endIdle(idle), this.#limits.idleMs);
    timer.unref();
    const idle: Idle<Environment> = { functionName, environment, timer };
    this.#idle.push(idle);
  }

  #endIdle(idle: Idle<Environment>): void {
    this.#forget(idle);
    idle.environment.kill();
  }

  #forget(idle: Idle<Environment>): void {
    clearTimeout(idle.timer);
    this.#idle = this.#idle.filter((other) => other !== idle);
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

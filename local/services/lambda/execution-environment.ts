import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '#local/clock.ts';
import type { RoleCaller } from '#local/iam/caller.ts';
import type { Callers } from '#local/iam/callers.ts';
import { environmentVariables } from '#local/services/lambda/environment-variables.ts';
import {
  exitPayload,
  type ProcessExit,
  timeoutPayload,
  tooLargePayload,
} from '#local/services/lambda/failure-payload.ts';
import { lineCutter } from '#local/services/lambda/function-log.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { LogTail } from '#local/services/lambda/log-tail.ts';
import {
  type RuntimeAnswer,
  type RuntimeApi,
  startRuntimeApi,
} from '#local/services/lambda/runtime-api.ts';

/** What all execution environments of a host share. */
export interface EnvironmentHost {
  readonly clock: Clock;
  readonly callers: Callers;
  readonly region: string;
  readonly preloadUrl: string;
  readonly endpoints: () => Readonly<Record<string, string>>;
  /** Takes each line that a function writes, and Lambda's own about it. */
  readonly writeLog: (functionName: string, line: string) => void;
  /** Hears of each invocation that ended in an error of the function. */
  readonly failed: (functionName: string, payload: Buffer) => void;
}

export interface Invocation {
  readonly requestId: string;
  readonly payload: Buffer;
  /** How many synchronous calls of one function by another lie behind this one. */
  readonly depth: number;
}

export type RunEnd =
  | {
      readonly kind: 'answered';
      readonly payload: Buffer;
      readonly isError: boolean;
      /** The last 4 KB that the environment wrote meanwhile. */
      readonly log: Buffer;
    }
  /** The process had ended by itself between two invocations: this one has not reached any code. */
  | { readonly kind: 'not-delivered' };

interface CurrentRun {
  readonly invocation: Invocation;
  readonly end: (end: RunEnd) => void;
  deliveredAtMs: number | undefined;
}

/** How long the code may take to load. See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_SECONDS = 10;

/** Share of a function's memory that V8's old space may take; what comes on top is Node's own. */
const OLD_SPACE_SHARE = 0.9;

/** Lambda's own: the SDK's session tokens would pass Node's default. */
const MAX_HTTP_HEADER_BYTES = 81_920;

const require = createRequire(import.meta.url);
const RUNTIME_CLIENT = require.resolve('aws-lambda-ric');

/**
 * One process that runs one function's code under AWS's runtime client, one invocation at a time.
 *
 * It leads a process group of its own: Ctrl-C, which reaches the host's whole group, does not end it before the host
 * has. It ends itself when its connection to the host closes.
 */
export class ExecutionEnvironment {
  readonly definition: LambdaFunction;
  /** As whom the code makes its calls; this very object comes back with each of them. */
  readonly caller: RoleCaller;
  readonly #host: EnvironmentHost;
  readonly #tail = new LogTail();
  readonly #startedAtMs = performance.now();
  readonly #exited = Promise.withResolvers<void>();
  #api: RuntimeApi | undefined;
  #child: ChildProcess | undefined;
  #current: CurrentRun | undefined;
  #limit: NodeJS.Timeout | undefined;
  #isPolling = false;
  #isKilled = false;
  #initMs: number | undefined;
  #isReportedInit = false;
  #hasAnswered = false;
  #exit: ProcessExit | undefined;
  #accessKeyId: string | undefined;

  private constructor(definition: LambdaFunction, host: EnvironmentHost) {
    this.definition = definition;
    this.#host = host;
    this.caller = {
      kind: 'role',
      roleArn: definition.roleArn,
      actor: definition.name,
      kill: () => this.kill(),
      invocation: () => this.#current?.invocation.requestId,
    };
  }

  /** Starts the process; its code loads while the first invocation already waits for it. */
  static async start(
    definition: LambdaFunction,
    host: EnvironmentHost,
  ): Promise<ExecutionEnvironment> {
    const environment = new ExecutionEnvironment(definition, host);
    const api = await startRuntimeApi({
      polled: () => environment.#polled(),
      answered: (answer) => environment.#answered(answer),
      initFailed: (body) => environment.#initFailed(body),
    });
    environment.#api = api;
    environment.#spawn(api.address);
    return environment;
  }

  /** Whether the process has ended, or is about to. */
  get hasEnded(): boolean {
    return this.#isKilled || this.#exit !== undefined;
  }

  /** How deep the invocation in hand lies, or `undefined` between two. */
  get depth(): number | undefined {
    return this.#current?.invocation.depth;
  }

  /** Runs one invocation; the one before must have ended. Never rejects. */
  run(invocation: Invocation): Promise<RunEnd> {
    return new Promise((end) => {
      this.#current = { invocation, end, deliveredAtMs: undefined };
      this.#tail.clear();
      if (this.#exit !== undefined) this.#ended(this.#exit);
      else if (this.#isPolling) this.#deliver();
      else this.#limitTo(this.definition.timeoutSeconds + (this.#hasAnswered ? 0 : INIT_SECONDS));
    });
  }

  /** Ends the process, and all that it started, at once. */
  kill(): void {
    this.#isKilled = true;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The whole group has ended already.
    }
  }

  /** Kills the process and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#exited.promise;
    await this.#api?.[Symbol.asyncDispose]();
  }

  #spawn(runtimeApi: string): void {
    const { definition } = this;
    const { clock, callers, region, preloadUrl, endpoints } = this.#host;
    const credentials = callers.issue(this.caller);
    this.#accessKeyId = credentials.accessKeyId;
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${Math.floor(definition.memoryMb * OLD_SPACE_SHARE)}`,
        `--max-http-header-size=${MAX_HTTP_HEADER_BYTES}`,
        '--import',
        preloadUrl,
        RUNTIME_CLIENT,
      ],
      {
        cwd: definition.codeFolder,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environmentVariables(definition, {
          credentials,
          region,
          runtimeApi,
          logStream: logStreamName(clock.nowMs()),
          clock: { nowMs: clock.nowMs(), rate: clock.rate },
          endpoints: endpoints(),
          path: process.env['PATH'] ?? '',
        }),
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      const cut = lineCutter((line) => this.#host.writeLog(definition.name, line));
      stream.on('data', (chunk: Buffer) => {
        this.#tail.append(chunk);
        cut(chunk);
      });
    }
    child.once('error', (error) => {
      this.#write(`Could not start: ${error.message}`);
      this.#ended({ code: 1, signal: null });
    });
    child.once('exit', (code, signal) => this.#ended({ code, signal }));
  }

  #polled(): void {
    this.#isPolling = true;
    this.#initMs ??= performance.now() - this.#startedAtMs;
    if (this.#current) this.#deliver();
  }

  #deliver(): void {
    const run = this.#current;
    if (!run) return;
    const { clock } = this.#host;
    const { timeoutSeconds, arn } = this.definition;
    this.#isPolling = false;
    run.deliveredAtMs = performance.now();
    this.#write(`START RequestId: ${run.invocation.requestId} Version: $LATEST`);
    this.#limitTo(timeoutSeconds);
    this.#api?.deliver({
      payload: run.invocation.payload,
      headers: {
        'lambda-runtime-aws-request-id': run.invocation.requestId,
        'lambda-runtime-invoked-function-arn': arn,
        'lambda-runtime-deadline-ms': String(clock.nowMs() + timeoutSeconds * 1000),
        'lambda-runtime-trace-id': traceId(clock.nowMs()),
        'almanac-clock-ms': String(clock.nowMs()),
        'almanac-clock-rate': String(clock.rate),
      },
    });
  }

  /** Ends the process, and with it the invocation, after so much real time. */
  #limitTo(seconds: number): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => {
      const requestId = this.#current?.invocation.requestId ?? '';
      void this.#finish(timeoutPayload(requestId, this.definition.timeoutSeconds), true);
      this.kill();
    }, seconds * 1000);
  }

  #answered(answer: RuntimeAnswer): void {
    if (answer.requestId !== this.#current?.invocation.requestId) return;
    this.#hasAnswered = true;
    void this.#finish(
      answer.payload ?? tooLargePayload(),
      answer.isError || answer.payload === undefined,
    );
  }

  #initFailed(body: Buffer): void {
    void this.#finish(body, true);
    this.kill();
  }

  #ended(exit: ProcessExit): void {
    this.#exit ??= exit;
    this.kill();
    if (this.#accessKeyId !== undefined) this.#host.callers.revoke(this.#accessKeyId);
    const run = this.#current;
    if (run?.deliveredAtMs === undefined && this.#hasAnswered) {
      clearTimeout(this.#limit);
      this.#current = undefined;
      run?.end({ kind: 'not-delivered' });
    } else if (run) void this.#finish(exitPayload(run.invocation.requestId, this.#exit), true);
    void this.#api?.[Symbol.asyncDispose]().then(this.#exited.resolve);
  }

  async #finish(payload: Buffer, isError: boolean): Promise<void> {
    const run = this.#current;
    if (!run) return;
    this.#current = undefined;
    clearTimeout(this.#limit);
    // What the code wrote before its answer is in the pipes by now, and is read in this turn.
    await nextTurn();
    await nextTurn();
    this.#report(run);
    if (isError) this.#host.failed(this.definition.name, payload);
    run.end({ kind: 'answered', payload, isError, log: this.#tail.read() });
  }

  #report({ invocation, deliveredAtMs }: CurrentRun): void {
    const durationMs = deliveredAtMs === undefined ? 0 : performance.now() - deliveredAtMs;
    const parts = [
      `REPORT RequestId: ${invocation.requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs)} ms`,
      `Memory Size: ${this.definition.memoryMb} MB`,
    ];
    if (!this.#isReportedInit && this.#initMs !== undefined)
      parts.push(`Init Duration: ${this.#initMs.toFixed(2)} ms`);
    this.#isReportedInit = true;
    this.#write(`END RequestId: ${invocation.requestId}`);
    this.#write(parts.join('\t'));
  }

  #write(line: string): void {
    this.#tail.append(Buffer.from(`${line}\n`));
    this.#host.writeLog(this.definition.name, line);
  }
}

/** Such as `2026/11/23/[$LATEST]0f3c…`. */
function logStreamName(nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

/** An X-Ray header of a request that is not traced. */
function traceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Sampled=0`;
}

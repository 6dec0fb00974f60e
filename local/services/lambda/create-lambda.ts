import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { type Authorizer, type Caller, OPERATOR } from '#local/iam/caller.ts';
import type { Callers } from '#local/iam/callers.ts';
import type { EventInvokeConfig } from '#local/services/lambda/async-decision.ts';
import { eventInvokeConfigResource } from '#local/services/lambda/event-invoke-config-resource.ts';
import { EventQueue } from '#local/services/lambda/event-queue.ts';
import {
  eventSourceMappingResource,
  type MappedSource,
} from '#local/services/lambda/event-source-mapping-resource.ts';
import { findFunction } from '#local/services/lambda/find-function.ts';
import { functionResource } from '#local/services/lambda/function-resource.ts';
import { type InvocationEnd, Invoker, SYNC_WAIT_MS } from '#local/services/lambda/invoker.ts';
import { type LambdaBackend, routeLambda } from '#local/services/lambda/lambda-api.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { logGroupResource } from '#local/services/lambda/log-group-resource.ts';
import { MAX_SYNC_PAYLOAD_BYTES } from '#local/services/lambda/payload-limits.ts';
import { permissionResource } from '#local/services/lambda/permission-resource.ts';
import { preloadUrl } from '#local/services/lambda/preload-url.ts';
import type { Queues } from '#local/services/lambda/queues.ts';
import { renderLambdaFault } from '#local/services/lambda/render-lambda-fault.ts';
import type { Streams } from '#local/services/lambda/streams.ts';
import type { LocalService } from '#local/services/local-service.ts';
import type { State } from '#local/state.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

export interface LambdaOptions {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  readonly queues: Queues;
  readonly streams: Streams;
  /** Gives the folder with the unzipped code of an asset. */
  readonly assets: (s3Key: string) => string;
  /** Variables that every function gets: the local services' endpoint URLs. Asked at each start of a process. */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly region: string;
  readonly account: string;
  /** Takes what an operator must know: failed invocations, lost records, batches given up. */
  readonly log: (line: string) => void;
  /** Takes each line that a function writes, where someone wants to see them. */
  readonly functionLog?: (functionName: string, line: string) => void;
}

/** Invocations by the other local services, in this process. */
interface Functions {
  /**
   * Runs a function and waits for its answer; up to 30 real seconds go by before it has an environment.
   *
   * @throws {ServiceFault} `ResourceNotFoundException`, or `TooManyRequestsException`.
   */
  invoke(
    functionArn: string,
    payload: Buffer,
  ): Promise<{ readonly payload: Buffer; readonly functionError?: string }>;
  /**
   * Puts an event in the function's queue.
   *
   * @throws {ServiceFault} `ResourceNotFoundException`.
   */
  invokeEvent(functionArn: string, payload: Buffer): void;
}

export interface LambdaService extends LocalService {
  readonly resourceTypes: readonly ResourceType[];
  readonly functions: Functions;
  /** Begins to read event sources, and goes on with the events of a former run. Call it once all resources are made. */
  start(): void;
  /** Ends all processes of a function at once, with what they run. */
  kill(functionName: string): void;
}

/** What a function answers when it fails; the runtime client's own form. */
const LONGEST_FAILURE_CHARACTERS = 500;

/** Room above the largest payload, so that one that is too large is refused in Lambda's own words. */
const BODY_MARGIN_BYTES = 65_536;

/** Makes the local Lambda, without a function yet. */
export async function createLambda(options: LambdaOptions): Promise<LambdaService> {
  const functions = new Map<string, LambdaFunction>();
  const configs = new Map<string, EventInvokeConfig>();
  const mapped: MappedSource[] = [];
  const invoker = new Invoker(functions, {
    clock: options.clock,
    callers: options.callers,
    region: options.region,
    preloadUrl: await preloadUrl(),
    endpoints: options.environment,
    writeLog: options.functionLog ?? (() => {}),
    failed: (name, payload) =>
      options.log(
        `lambda ${name} failed: ${payload.toString().slice(0, LONGEST_FAILURE_CHARACTERS)}`,
      ),
  });
  const events = new EventQueue({ ...options, invoker, functions, configs });
  const backend: LambdaBackend = {
    functions,
    configs,
    mappings: () => mapped.map(({ summary }) => summary),
    invoke: (target, payload, caller) => invokeSync(target, payload, caller),
    invokeEvent: (target, payload) => events.add(target.name, payload),
  };
  const invokeSync = (
    target: LambdaFunction,
    payload: Buffer,
    caller: Caller,
  ): Promise<InvocationEnd> =>
    options.activity.during(`lambda ${target.name}`, () =>
      invoker.invoke(target.name, {
        payload: () => payload,
        depth: invoker.depthOfCallBy(caller),
        waitMs: SYNC_WAIT_MS,
      }),
    );
  return {
    name: 'lambda',
    maxBodyBytes: MAX_SYNC_PAYLOAD_BYTES + BODY_MARGIN_BYTES,
    route: (request) => routeLambda(backend, request),
    renderFault: (fault) => renderLambdaFault(fault),
    resourceTypes: [
      functionResource({ ...options, functions }),
      eventInvokeConfigResource({ functions, configs }),
      eventSourceMappingResource(functions, { ...options, invoker }, (made) => mapped.push(made)),
      permissionResource(functions),
      logGroupResource(),
    ],
    functions: inProcess(backend),
    start: () => {
      for (const { source } of mapped) source.start();
      events.resume();
    },
    kill: (functionName) => invoker.kill(functionName),
    [Symbol.asyncDispose]: async () => {
      for (const { source } of mapped) source[Symbol.dispose]();
      await invoker[Symbol.asyncDispose]();
    },
  };
}

function inProcess({ functions, invoke, invokeEvent }: LambdaBackend): Functions {
  return {
    invoke: async (functionArn, payload) => {
      const end = await invoke(findFunction(functions, functionArn), payload, OPERATOR);
      return { payload: end.payload, ...(end.isError && { functionError: 'Unhandled' }) };
    },
    invokeEvent: (functionArn, payload) =>
      void invokeEvent(findFunction(functions, functionArn), payload),
  };
}

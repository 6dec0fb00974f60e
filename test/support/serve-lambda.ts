import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults, type Faults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import { createCallers } from '#local/iam/callers.ts';
import { createLambda, type LambdaService } from '#local/services/lambda/create-lambda.ts';
import type { Queues } from '#local/services/lambda/queues.ts';
import type { Streams } from '#local/services/lambda/streams.ts';
import { openState, type State } from '#local/state.ts';

/** The instant at which the clock of a Lambda server stands still. */
export const LAMBDA_START_MS = Date.parse('2026-11-23T09:00:00Z');

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const STACK = 'Almanac-test';

/** What a test may set of a Lambda server. */
export interface LambdaServerOptions {
  readonly clock?: (activity: Activity) => LocalClock;
  readonly queues?: (clock: LocalClock) => Queues;
  readonly streams?: () => Streams;
  readonly state?: State;
  /** Actions that no role is granted. */
  readonly denied?: readonly string[];
}

/** Lambda on HTTP, and what a test needs around it. */
export interface LambdaServer extends AsyncDisposable {
  readonly activity: Activity;
  readonly clock: LocalClock;
  readonly faults: Faults;
  readonly service: LambdaService;
  /** The operator's client; it never retries. */
  readonly client: LambdaClient;
  readonly url: string;
  /** What an operator was told. */
  readonly log: string[];
  /** What functions wrote. */
  readonly written: string[];
  /** Bundles code as the stack does, and makes a function of it. Gives its ARN. */
  define(
    logicalId: string,
    code: string,
    properties?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Makes a resource of the template, always under the same logical id. */
  create(type: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Serves Lambda on a free port of the loopback address, on a stopped clock. */
export async function serveLambda(options: LambdaServerOptions = {}): Promise<LambdaServer> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-lambda-test-'));
  const activity = new Activity();
  const clock = options.clock?.(activity) ?? new LocalClock(activity, LAMBDA_START_MS);
  const callers = createCallers();
  const authorizer = authorizerWithout(options.denied ?? []);
  const log: string[] = [];
  const written: string[] = [];
  const listener = await listen(0);
  const service = await createLambda({
    clock,
    activity,
    state: options.state ?? openState(),
    callers,
    authorizer,
    queues: options.queues?.(clock) ?? noQueues,
    streams: options.streams?.() ?? noStreams,
    assets: (s3Key) => join(folder, s3Key),
    environment: () => ({ AWS_ENDPOINT_URL_LAMBDA: listener.url }),
    region: REGION,
    account: ACCOUNT,
    log: (line) => log.push(line),
    functionLog: (_name, line) => written.push(line),
  });
  const faults = createFaults();
  const requests = new RequestLog();
  listener.attach(
    serveService(service, { clock, activity, callers, authorizer, faults, requests }),
  );
  const client = new LambdaClient({
    region: REGION,
    endpoint: listener.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const create = async (
    type: string,
    logicalId: string,
    given: Readonly<Record<string, unknown>>,
  ) => {
    const resource = service.resourceTypes.find((candidate) => candidate.type === type);
    if (!resource) throw new Error(`Expected a resource type, got ${type}.`);
    const identity = resource.identify({
      stackName: STACK,
      logicalId,
      region: REGION,
      account: ACCOUNT,
      property: () => undefined,
    });
    await resource.create(resource.properties.parse(given), identity);
    return identity;
  };
  return {
    activity,
    clock,
    faults,
    service,
    client,
    url: listener.url,
    log,
    written,
    define: async (logicalId, code, properties = {}) => {
      bundle(join(folder, logicalId), code);
      const { attributes } = await create('AWS::Lambda::Function', logicalId, {
        Code: { S3Bucket: 'assets', S3Key: logicalId },
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: `arn:aws:iam::${ACCOUNT}:role/${logicalId}`,
        ...properties,
      });
      return attributes['Arn'] ?? '';
    },
    create: async (type, properties) => {
      await create(type, 'Made', properties);
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await listener[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
      clock.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function bundle(outdir: string, code: string): void {
  buildSync({
    stdin: { contents: code, loader: 'ts', resolveDir: process.cwd() },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    logLevel: 'silent',
  });
}

function authorizerWithout(denied: readonly string[]): Authorizer {
  return {
    decide: (caller, { action }) =>
      caller.kind === 'role' && denied.includes(action)
        ? { kind: 'denied', message: `${caller.actor} is not authorized to perform: ${action}` }
        : { kind: 'allowed' },
  };
}

const noQueues: Queues = {
  send: () => undefined,
  receive: () => [],
  delete: () => {},
  onAvailable: () => () => {},
};

const noStreams: Streams = {
  read: async () => [],
  onAppend: () => () => {},
};

import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults, type Faults } from '#local/faults.ts';
import { type Listener, listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { type ServingContext, serveService } from '#local/http/serve-service.ts';
import { createCallers } from '#local/iam/callers.ts';
import { createPolicies, type Policies } from '#local/iam/policies.ts';
import { roleTypes } from '#local/iam/role-types.ts';
import { type Instant, toMs } from '#local/instant.ts';
import { glueResourceTypes } from '#local/services/glue/glue-resource-types.ts';
import type { ServiceName } from '#local/services/local-service.ts';
import { createServices, type Ground, type Services } from '#local/services.ts';
import { openState } from '#local/state.ts';
import { type Deployment, deployTemplate } from '#local/template/deploy-template.ts';
import { readAssembly } from '#local/template/read-assembly.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** How a local cloud is to be. */
export interface LocalCloudOptions {
  /** The folder of the cloud assembly, as `synthesize` gives it. */
  readonly assembly: string;
  /** `real` follows this machine's clock; an instant stands still there. */
  readonly clock: 'real' | Instant;
  /** Where everything survives a restart; in memory when absent. */
  readonly dataDir?: string;
  /** The HTTP API's port; any free one when absent or 0. */
  readonly port?: number;
  /** Whether the HTTP API wants signed requests; it does when absent. */
  readonly auth?: boolean;
  /** Takes lines for whoever runs the cloud. */
  readonly log?: (line: string) => void;
  /** Takes each line that a function writes. */
  readonly functionLog?: (functionName: string, line: string) => void;
}

/** Where everything is, as `.local/endpoints.json` has it. URLs have no trailing slash. */
export interface Endpoints extends Readonly<Record<ServiceName, string>> {
  readonly tables: { readonly schedules: string; readonly jobs: string; readonly usage: string };
  readonly bucket: string;
  readonly region: string;
  readonly account: string;
}

/** A local cloud that runs. */
export interface LocalCloud extends AsyncDisposable {
  readonly endpoints: Endpoints;
  readonly clock: CloudClock;
  /** Resolves once nothing is under way that does not wait for the clock. */
  settle(): Promise<void>;
  readonly faults: Pick<Faults, 'add'>;
  /** Counts of the requests that were made, by caller, service and operation. */
  readonly requests: RequestLog;
  /** What each role may do, and what of it was used. */
  readonly policies: Policies;
  readonly services: Services;
  readonly deployment: Deployment;
}

/** The one time of a local cloud. */
export interface CloudClock {
  now(): EpochSeconds;
  /** Moves a stopped clock on, through everything that falls due on the way, and waits until nothing is under way. */
  advanceTo(instant: Instant): Promise<void>;
  advanceBy(seconds: number): Promise<void>;
  setRate(rate: 0 | 1): void;
}

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const SERVICE_NAMES: readonly ServiceName[] = [
  'dynamodb',
  's3',
  'sqs',
  'scheduler',
  'events',
  'lambda',
  'api',
];

/**
 * Starts a synthesized stack on this machine, all of it on 127.0.0.1.
 *
 * @throws {TemplateError} for a template with anything that would not mean here what it means on AWS; the system's `EADDRINUSE` for
 * a port that is taken. Nothing is left running then.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  await using stack = new AsyncDisposableStack();
  const activity = new Activity();
  const start = options.clock === 'real' ? 'real' : toMs(options.clock);
  const clock = new LocalClock(activity, start);
  const assembly = readAssembly(options.assembly);
  const ground: Ground = {
    activity,
    clock,
    state: stack.use(openState(options.dataDir)),
    callers: createCallers(),
    policies: createPolicies(),
    listeners: await listenAll(options.port ?? 0, stack),
    dataDir: options.dataDir,
    region: REGION,
    account: ACCOUNT,
    assets: (objectKey) => assembly.assetPath(objectKey),
    auth: options.auth ?? true,
    log: options.log ?? (() => {}),
    ...(options.functionLog && { functionLog: options.functionLog }),
  };
  const services = await createServices(ground);
  for (const service of Object.values(services)) stack.use(service);
  const context: ServingContext = {
    ...ground,
    authorizer: ground.policies,
    faults: createFaults(),
    requests: new RequestLog(),
  };
  for (const name of SERVICE_NAMES)
    ground.listeners[name].attach(serveService(services[name], context));
  const place = { stackName: assembly.stackName, region: REGION, account: ACCOUNT };
  const deployment = await deployTemplate(assembly.template, place, [
    ...Object.values(services).flatMap(({ resourceTypes }) => resourceTypes),
    ...roleTypes(ground.policies),
    ...glueResourceTypes(),
  ]);
  services.lambda.start();
  services.scheduler.start();
  // Added last, so closed first: nothing that is booked may run while the services end.
  stack.defer(() => clock.close());
  const running = stack.move();
  return {
    endpoints: endpointsOf(ground, deployment),
    clock: cloudClock(clock),
    settle: () => activity.settle(),
    faults: context.faults,
    requests: context.requests,
    policies: ground.policies,
    services,
    deployment,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function listenAll(
  apiPort: number,
  stack: AsyncDisposableStack,
): Promise<Readonly<Record<ServiceName, Listener>>> {
  const open = async (port: number) => stack.use(await listen(port));
  return {
    api: await open(apiPort),
    dynamodb: await open(0),
    s3: await open(0),
    sqs: await open(0),
    scheduler: await open(0),
    events: await open(0),
    lambda: await open(0),
  };
}

function cloudClock(clock: LocalClock): CloudClock {
  return {
    now: () => Math.floor(clock.nowMs() / 1000),
    advanceTo: (instant) => clock.advanceTo(toMs(instant)),
    advanceBy: (seconds) => clock.advanceBy(seconds * 1000),
    setRate: (rate) => clock.setRate(rate),
  };
}

function endpointsOf({ listeners }: Ground, { outputs }: Deployment): Endpoints {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`Expected the stack to have the output ${name}.`);
    return value;
  };
  return {
    api: listeners.api.url,
    dynamodb: listeners.dynamodb.url,
    s3: listeners.s3.url,
    sqs: listeners.sqs.url,
    scheduler: listeners.scheduler.url,
    events: listeners.events.url,
    lambda: listeners.lambda.url,
    tables: {
      schedules: output('SchedulesTable'),
      jobs: output('JobsTable'),
      usage: output('UsageTable'),
    },
    bucket: output('PayloadBucket'),
    region: REGION,
    account: ACCOUNT,
  };
}

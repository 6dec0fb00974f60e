import { randomBytes } from 'node:crypto';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { type Callers, OPERATOR_KEY } from '#local/iam/callers.ts';
import { verifySignature } from '#local/iam/verify-signature.ts';
import { ApiModel, type FoundRoute, type Integration } from '#local/services/http-api/api-model.ts';
import { apiTypes } from '#local/services/http-api/api-types.ts';
import { proxyAnswer } from '#local/services/http-api/proxy-answer.ts';
import { proxyEvent, type Signer } from '#local/services/http-api/proxy-event.ts';
import {
  type LocalService,
  type Operation,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** What an HTTP API needs of the rest of the local cloud. */
export interface HttpApiOptions {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly callers: Callers;
  readonly functions: {
    /** Calls a function and waits for its answer; throws a {@link ServiceFault} when it cannot be called. */
    invoke(
      functionArn: string,
      payload: Buffer,
    ): Promise<{ readonly payload: Buffer; readonly functionError?: string | undefined }>;
  };
  /** The URL at which the API is served, without a trailing slash. */
  readonly endpoint: () => string;
  /** Whether routes with IAM authorization want a signature. */
  readonly auth: boolean;
  readonly region: string;
  readonly account: string;
}

/** The HTTP API of a template. */
export interface HttpApiService extends LocalService {
  readonly resourceTypes: readonly ResourceType[];
}

/** See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** All that an HTTP API says of a fault: it never gives a reason. */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/**
 * Makes an API Gateway HTTP API whose routes, stages and integrations come from the template.
 *
 * A signature may go by the local clock or by this machine's: what a Lambda signs has the one time, what a person signs
 * with curl the other. A key that was not issued here is the operator's, whose secret nobody knows, and is believed.
 * Whether a function's own policy lets the API call it is not asked.
 */
export function createHttpApi(options: HttpApiOptions): HttpApiService {
  const model = new ApiModel();
  return {
    name: 'api',
    maxBodyBytes: MAX_BODY_BYTES,
    resourceTypes: apiTypes(model, options.endpoint),
    route: (request) => route(request, model, options),
    renderFault: ({ status }) => ({
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: MESSAGES[status] }),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function route(request: WireRequest, model: ApiModel, options: HttpApiOptions): Operation {
  const path = decodedPath(request.path);
  if (path === undefined) throw fault(400);
  const found = model.find(request.method, path);
  if (found === undefined) throw fault(404);
  const { apiId, stage, pathInStage } = found;
  const isOpen = found.route.authorization === 'NONE';
  const signer = isOpen ? undefined : authenticate(request, options);
  const resource = `arn:aws:execute-api:${options.region}:${options.account}:${apiId}/${stage}/${request.method}/${pathInStage}`;
  return {
    name: 'Invoke',
    permissions: isOpen ? [] : [{ action: 'execute-api:Invoke', resource }],
    run: () => callFunction(request, { found, path, signer }, options),
  };
}

function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function authenticate(request: WireRequest, options: HttpApiOptions): Signer {
  if (!options.auth) return { accessKeyId: OPERATOR_KEY, caller: request.caller };
  const verdict = verifySignature(request, {
    service: 'execute-api',
    region: options.region,
    secretOf: (accessKeyId) => secretToVerify(accessKeyId, options.callers),
    clocksMs: [options.clock.nowMs(), Date.now()],
  });
  if (verdict.kind === 'valid') return { accessKeyId: verdict.accessKeyId, caller: request.caller };
  throw fault(403);
}

/**
 * The person's own key may do all, so nothing is won by proving it; and the curl of Debian 12, before 8.0, signs the `@` of a job's
 * id as AWS does not.
 */
function secretToVerify(accessKeyId: string, callers: Callers): string | undefined {
  return accessKeyId === OPERATOR_KEY ? undefined : callers.secretOf(accessKeyId);
}

function fault(status: number): ServiceFault {
  return new ServiceFault('HttpApiFault', MESSAGES[status] ?? '', { status });
}

async function callFunction(
  request: WireRequest,
  call: { readonly found: FoundRoute; readonly path: string; readonly signer: Signer | undefined },
  options: HttpApiOptions,
): Promise<WireResponse> {
  const requestId = randomBytes(11).toString('base64');
  const nowMs = options.clock.nowMs();
  const event = proxyEvent(request, { ...call, account: options.account, requestId, nowMs });
  const { integration } = call.found.route;
  const ending = await invoke(integration, Buffer.from(JSON.stringify(event)), options);
  if (typeof ending === 'number') throw fault(ending);
  const answer = proxyAnswer(ending);
  if (answer === undefined) throw fault(500);
  return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
}

/**
 * Calls the function for at most the integration's time. The time is real, as a function's own limit is, and its end
 * does not stop the function.
 *
 * @returns The function's answer, or the status of the fault that takes its place.
 */
async function invoke(
  { functionArn, timeoutMs }: Integration,
  event: Buffer,
  { functions, activity }: HttpApiOptions,
): Promise<Buffer | number> {
  const invocation = activity
    .during('api invocation', () => functions.invoke(functionArn, event))
    .then(({ payload, functionError }) => (functionError === undefined ? payload : 500), refusal);
  const timeout = Promise.withResolvers<number>();
  const timer = setTimeout(() => timeout.resolve(503), timeoutMs);
  try {
    return await Promise.race([invocation, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Any refusal but throttling is the API's own fault: its template names a function that cannot be called. */
function refusal(error: unknown): number {
  if (!(error instanceof ServiceFault)) throw error;
  return error.code === 'TooManyRequestsException' ? 503 : 500;
}

import type { Caller } from '#local/iam/caller.ts';
import type { EventInvokeConfig } from '#local/services/lambda/async-decision.ts';
import { findFunction } from '#local/services/lambda/find-function.ts';
import {
  eventInvokeConfiguration,
  functionConfiguration,
} from '#local/services/lambda/function-configuration.ts';
import type { InvocationEnd } from '#local/services/lambda/invoker.ts';
import { jsonOr } from '#local/services/lambda/json-or.ts';
import { LATEST, type LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import {
  MAX_ASYNC_PAYLOAD_BYTES,
  MAX_SYNC_PAYLOAD_BYTES,
} from '#local/services/lambda/payload-limits.ts';
import {
  type Operation,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';

/** What the wire protocol is served from. */
export interface LambdaBackend {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly configs: ReadonlyMap<string, EventInvokeConfig>;
  /** The event source mappings, as the wire protocol tells them. */
  readonly mappings: () => readonly Readonly<Record<string, unknown>>[];
  invoke(target: LambdaFunction, payload: Buffer, caller: Caller): Promise<InvocationEnd>;
  /** @returns The event's request id. */
  invokeEvent(target: LambdaFunction, payload: Buffer): string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  /** Captures the function's name, percent-encoded, where there is one. */
  readonly path: RegExp;
  readonly toOperation: (call: Call) => Operation;
}

interface Call {
  readonly backend: LambdaBackend;
  readonly request: WireRequest;
  readonly functionReference: string;
}

const routes: readonly Route[] = [
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, toOperation: invoke },
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, toOperation: listFunctions },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, toOperation: getFunction },
  {
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    toOperation: getFunctionConfiguration,
  },
  {
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/?$/,
    toOperation: listEventSourceMappings,
  },
  {
    method: 'GET',
    path: /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
    toOperation: getFunctionEventInvokeConfig,
  },
];

/**
 * Understands a request of Lambda's REST JSON protocol.
 *
 * @throws {ServiceFault} `UnknownOperationException`, or what a call's reference to a function is refused with.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function routeLambda(backend: LambdaBackend, request: WireRequest): Operation {
  for (const { method, path, toOperation } of routes) {
    const match = request.method === method ? path.exec(request.path) : null;
    if (match)
      return toOperation({
        backend,
        request,
        functionReference: decodeURIComponent(match[1] ?? ''),
      });
  }
  throw new ServiceFault(
    'UnknownOperationException',
    `The local Lambda does not know ${request.method} ${request.path}.`,
    { status: 404 },
  );
}

function targetOf({ backend, request, functionReference }: Call): LambdaFunction {
  const qualifier = request.query.get('Qualifier') ?? LATEST;
  const suffix = qualifier === LATEST ? '' : `:${qualifier}`;
  return findFunction(backend.functions, `${functionReference}${suffix}`);
}

function invoke(call: Call): Operation {
  const { request } = call;
  const target = targetOf(call);
  return {
    name: 'Invoke',
    permissions: [{ action: 'lambda:InvokeFunction', resource: target.arn }],
    run: () => {
      const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
      switch (type) {
        case 'RequestResponse':
          return invokeAndAnswer(call, target);
        case 'Event':
          return {
            status: 202,
            headers: {
              'x-amzn-requestid': call.backend.invokeEvent(target, eventOf(request.body, type)),
            },
          };
        case 'DryRun':
          return { status: 204 };
        default:
          throw new ServiceFault(
            'ValidationException',
            `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]`,
          );
      }
    },
  };
}

async function invokeAndAnswer(call: Call, target: LambdaFunction): Promise<WireResponse> {
  const { backend, request } = call;
  const payload = eventOf(request.body, 'RequestResponse');
  const end = await backend.invoke(target, payload, request.caller);
  const wantsLog = request.headers['x-amz-log-type'] === 'Tail';
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': end.requestId,
      'x-amz-executed-version': LATEST,
      ...(end.isError && { 'x-amz-function-error': 'Unhandled' }),
      ...(wantsLog && { 'x-amz-log-result': end.log.toString('base64') }),
    },
    body: end.payload,
  };
}

/** Holds a body to what Lambda takes as an event; no body at all is an empty object. */
function eventOf(body: Buffer, type: 'Event' | 'RequestResponse'): Buffer {
  const limit = type === 'Event' ? MAX_ASYNC_PAYLOAD_BYTES : MAX_SYNC_PAYLOAD_BYTES;
  if (body.length > limit)
    throw new ServiceFault(
      'RequestEntityTooLargeException',
      `${body.length} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { status: 413 },
    );
  if (body.length === 0) return Buffer.from('{}');
  if (jsonOr(body.toString(), undefined) === undefined)
    throw new ServiceFault(
      'InvalidRequestContentException',
      'Could not parse request body into json.',
    );
  return body;
}

function listFunctions({ backend }: Call): Operation {
  return {
    name: 'ListFunctions',
    permissions: [{ action: 'lambda:ListFunctions', resource: '*' }],
    run: () => json({ Functions: [...backend.functions.values()].map(functionConfiguration) }),
  };
}

function getFunction(call: Call): Operation {
  const target = targetOf(call);
  return {
    name: 'GetFunction',
    permissions: [{ action: 'lambda:GetFunction', resource: target.arn }],
    run: () =>
      json({
        Configuration: functionConfiguration(target),
        Code: { RepositoryType: 'local', Location: target.codeFolder },
        ...(target.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: target.reservedConcurrency },
        }),
      }),
  };
}

function getFunctionConfiguration(call: Call): Operation {
  const target = targetOf(call);
  return {
    name: 'GetFunctionConfiguration',
    permissions: [{ action: 'lambda:GetFunctionConfiguration', resource: target.arn }],
    run: () => json(functionConfiguration(target)),
  };
}

function listEventSourceMappings({ backend, request }: Call): Operation {
  const reference = request.query.get('FunctionName');
  const sourceArn = request.query.get('EventSourceArn');
  const functionArn =
    reference === null ? undefined : findFunction(backend.functions, reference).arn;
  return {
    name: 'ListEventSourceMappings',
    permissions: [{ action: 'lambda:ListEventSourceMappings', resource: '*' }],
    run: () => {
      const wanted = backend
        .mappings()
        .filter((mapping) => functionArn === undefined || mapping['FunctionArn'] === functionArn)
        .filter((mapping) => sourceArn === null || mapping['EventSourceArn'] === sourceArn);
      return json({ EventSourceMappings: wanted });
    },
  };
}

function getFunctionEventInvokeConfig(call: Call): Operation {
  const target = targetOf(call);
  return {
    name: 'GetFunctionEventInvokeConfig',
    permissions: [{ action: 'lambda:GetFunctionEventInvokeConfig', resource: target.arn }],
    run: () => {
      const config = call.backend.configs.get(target.name);
      if (!config)
        throw new ServiceFault(
          'ResourceNotFoundException',
          `The function ${target.arn}:${LATEST} doesn't have an EventInvokeConfig`,
          { status: 404 },
        );
      return json(eventInvokeConfiguration(target, config));
    },
  };
}

function json(body: unknown): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

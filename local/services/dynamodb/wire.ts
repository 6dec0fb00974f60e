import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { type Place, tableNameOf } from '#local/services/dynamodb/arns.ts';
import {
  ACCESS_DENIED,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';

const JsonObject = z.record(z.string(), z.unknown());

/**
 * Reads the JSON body of a request, with tables given by ARN named instead.
 *
 * @throws {ServiceFault} `SerializationException` for anything but a JSON object.
 */
export function parseBody(request: WireRequest, place: Place): object {
  const body = JsonObject.safeParse(parsedJson(request.body));
  if (!body.success) throw new ServiceFault('SerializationException', '');
  const { TableName, RequestItems, TransactItems } = body.data;
  const name = (given: unknown) => (typeof given === 'string' ? tableNameOf(place, given) : given);
  return {
    ...body.data,
    ...(TableName === undefined ? {} : { TableName: name(TableName) }),
    ...(RequestItems === undefined
      ? {}
      : {
          RequestItems: mapped(RequestItems, (entry) => [tableNameOf(place, entry[0]), entry[1]]),
        }),
    ...(TransactItems === undefined ? {} : { TransactItems: withNames(TransactItems, name) }),
  };
}

/** Answers with JSON as AWS's JSON 1.0 protocol has it. */
export function answer(body: object, status = 200): WireResponse {
  const text = JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': String(crc32(text)) },
    body: text,
  };
}

/** Words a fault as DynamoDB does, each code under the namespace that AWS gives it. */
export function renderFault(fault: ServiceFault): WireResponse {
  const code = CODES.get(fault.code) ?? fault.code;
  const namespace = NAMESPACES.get(code) ?? 'com.amazonaws.dynamodb.v20120810';
  const status = code === 'AccessDeniedException' ? 400 : fault.status;
  const messageName = namespace === CORAL_SERVICE ? 'Message' : 'message';
  return answer(
    { __type: `${namespace}#${code}`, [messageName]: fault.message, ...fault.members },
    status,
  );
}

const CORAL_SERVICE = 'com.amazon.coral.service';

const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['ValidationException', 'com.amazon.coral.validate'],
  ['SerializationException', CORAL_SERVICE],
  ['UnknownOperationException', CORAL_SERVICE],
  ['AccessDeniedException', CORAL_SERVICE],
  ['ThrottlingException', 'com.amazon.coral.availability'],
]);

/** The front's own codes, in DynamoDB's words. */
const CODES: ReadonlyMap<string, string> = new Map([[ACCESS_DENIED, 'AccessDeniedException']]);

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function withNames(transactItems: unknown, name: (given: unknown) => unknown): unknown {
  if (!Array.isArray(transactItems)) return transactItems;
  return transactItems.map((item: unknown) =>
    mapped(item, ([verb, action]) => [
      verb,
      mapped(action, ([key, value]) => [key, key === 'TableName' ? name(value) : value]),
    ]),
  );
}

/** Maps an object's entries; anything else is left for the validation to refuse. */
function mapped(
  value: unknown,
  map: (entry: [string, unknown]) => readonly [string, unknown],
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(map));
}

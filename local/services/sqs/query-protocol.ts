import { randomUUID } from 'node:crypto';
import type { ServiceFault, WireRequest, WireResponse } from '#local/services/local-service.ts';
import { renderXml, type XmlContent, type XmlElements } from '#local/services/s3/xml.ts';
import type { SqsOutput } from '#local/services/sqs/sqs-call.ts';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Lists are numbered under a singular name, and have another one in JSON. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

/** Maps are numbered pairs of a key, by one of two names, and a value. */
const MAPS: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Tag: 'tags',
};

/** The names of lists and maps in answers. */
const ANSWERED: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Tags: 'Tag',
  Failed: 'BatchResultErrorEntry',
};

interface Form {
  [name: string]: string | Form;
}

/** A call of the query protocol, in the shape that the JSON protocol gives it. */
export interface QueryCall {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Reads SQS's older protocol, a form with dotted names, as Debian's AWS CLI speaks it.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests.html
 */
export function readQueryCall(request: WireRequest): QueryCall {
  const fields = new URLSearchParams(request.body.toString());
  for (const [name, value] of request.query) fields.append(name, value);
  const { Action: action, ...members } = asTree(fields);
  return {
    action: typeof action === 'string' ? action : '',
    // A queue's own URL may take the call in place of the endpoint.
    input: { ...(request.path !== '/' && { QueueUrl: request.path }), ...asInput(members) },
  };
}

function asTree(fields: URLSearchParams): Form {
  const tree: Form = Object.create(null);
  for (const [path, value] of fields) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = tree;
    for (const step of steps) {
      const below = at[step];
      const next: Form = typeof below === 'object' ? below : Object.create(null);
      at[step] = next;
      at = next;
    }
    at[last] = value;
  }
  return tree;
}

function asInput(form: Form): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      const list = LISTS[name];
      if (list !== undefined) return [list, numbered(value).map(asValue)];
      const map = MAPS[name];
      return map === undefined ? [name, asInput(value)] : [map, asMap(value)];
    }),
  );
}

function asMap(form: Form): Record<string, unknown> {
  const pairs = numbered(form).flatMap((pair) =>
    typeof pair === 'string' ? [] : [[pair['Name'] ?? pair['Key'], asValue(pair['Value'] ?? '')]],
  );
  return Object.fromEntries(pairs);
}

function asValue(value: string | Form): unknown {
  return typeof value === 'string' ? value : asInput(value);
}

function numbered(form: Form): (string | Form)[] {
  return Object.entries(form)
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, value]) => value);
}

/** Puts an answer in XML. */
export function queryAnswer(action: string, output: SqsOutput): WireResponse {
  return xml(200, `${action}Response`, {
    [`${action}Result`]: asElements(output, `${action}ResultEntry`),
    ResponseMetadata: { RequestId: randomUUID() },
  });
}

/** @param entryName - What the successful entries of the action's batch are called. */
function asElements(output: object, entryName: string): XmlElements {
  const elements = Object.entries(output).map(([name, value]): [string, XmlContent] => {
    const answered = name === 'Successful' ? entryName : (ANSWERED[name] ?? name);
    if (Array.isArray(value)) return [answered, value.map((each) => asContent(each, entryName))];
    if (typeof value !== 'object' || value === null) return [answered, asContent(value, entryName)];
    const pairs = Object.entries(value).map(([key, each]) => ({
      [name === 'Tags' ? 'Key' : 'Name']: key,
      Value: asContent(each, entryName),
    }));
    return [answered, pairs];
  });
  return Object.fromEntries(elements);
}

function asContent(value: unknown, entryName: string): XmlContent {
  if (value === undefined) return undefined;
  return typeof value === 'object' && value !== null ? asElements(value, entryName) : String(value);
}

/** Puts a fault in XML. */
export function queryFault({ code, message, status }: ServiceFault): WireResponse {
  const type = status >= 500 ? 'Receiver' : 'Sender';
  return xml(status, 'ErrorResponse', {
    Error: { Type: type, Code: code, Message: message, Detail: '' },
    RequestId: randomUUID(),
  });
}

function xml(status: number, root: string, content: XmlElements): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: renderXml(root, content, NAMESPACE),
  };
}

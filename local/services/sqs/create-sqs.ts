import {
  type LocalService,
  type Operation,
  ServiceFault,
  type WireRequest,
  type WireResponse,
} from '#local/services/local-service.ts';
import { type InProcessQueues, inProcessQueues } from '#local/services/sqs/in-process-queues.ts';
import {
  isJsonCall,
  jsonAnswer,
  jsonFault,
  readJsonCall,
} from '#local/services/sqs/json-protocol.ts';
import { queryAnswer, queryFault, readQueryCall } from '#local/services/sqs/query-protocol.ts';
import {
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  purgeQueue,
  setQueueAttributes,
} from '#local/services/sqs/queue-operations.ts';
import { sqsResourceTypes } from '#local/services/sqs/queue-resource.ts';
import { Queues, type QueuesGround } from '#local/services/sqs/queues.ts';
import { receiveMessage } from '#local/services/sqs/receive-message.ts';
import { sendMessage, sendMessageBatch } from '#local/services/sqs/send-message.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from '#local/services/sqs/settle-message.ts';
import type { SqsHandler, SqsParts } from '#local/services/sqs/sqs-call.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** A full batch, percent-encoded in the older protocol. */
const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

const HANDLERS: Readonly<Record<string, SqsHandler>> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListQueues: listQueues,
  ListQueueTags: listQueueTags,
  PurgeQueue: purgeQueue,
  SetQueueAttributes: setQueueAttributes,
};

/** What SQS stands on. */
export interface SqsOptions extends QueuesGround {
  /** The URL that the service is reached at, without a trailing slash; asked for when a queue's URL is told. */
  readonly endpoint: () => string;
}

/** Amazon SQS as far as the local cloud has it: standard queues. */
export interface SqsService extends LocalService {
  readonly name: 'sqs';
  readonly resourceTypes: readonly ResourceType[];
  readonly queues: InProcessQueues;
}

/** Opens SQS with the queues and messages that its state remembers. */
export function createSqs({ endpoint, ...ground }: SqsOptions): SqsService {
  const { account, clock } = ground;
  const queues = new Queues(ground);
  const urlOf = (queueName: string): string => `${endpoint()}/${account}/${queueName}`;
  const parts: SqsParts = { clock, queues, polls: new Set(), account, urlOf };
  return {
    name: 'sqs',
    maxBodyBytes: LARGEST_BODY_BYTES,
    resourceTypes: sqsResourceTypes(queues, urlOf),
    queues: inProcessQueues(queues, account),
    route: (request) => route(request, parts),
    renderFault,
    [Symbol.asyncDispose]: () => {
      for (const giveUp of [...parts.polls]) giveUp();
      return Promise.resolve();
    },
  };
}

function route(request: WireRequest, parts: SqsParts): Operation {
  const isJson = isJsonCall(request);
  const { action, input } = isJson ? readJsonCall(request) : readQueryCall(request);
  const handler = Object.hasOwn(HANDLERS, action) ? HANDLERS[action] : undefined;
  if (!handler)
    throw new ServiceFault(
      isJson ? 'UnknownOperationException' : 'InvalidAction',
      `The action ${action} is not served by the local cloud.`,
    );
  const { caller } = request;
  const senderId = caller.kind === 'role' ? `${caller.roleArn}:${caller.actor}` : parts.account;
  const { run, ...operation } = handler({ input, senderId, parts });
  return {
    ...operation,
    name: action,
    run: async () => {
      const output = await run();
      return isJson ? jsonAnswer(output) : queryAnswer(action, output);
    },
  };
}

function renderFault(fault: ServiceFault, request: WireRequest): WireResponse {
  const code = FRONT_CODES[fault.code] ?? fault.code;
  const { message, status } = fault;
  const named = new ServiceFault(code, message, { status });
  return isJsonCall(request) ? jsonFault(named) : queryFault(named);
}

/** SQS's words for what the HTTP front says. */
const FRONT_CODES: Readonly<Record<string, string>> = { InternalServerError: 'InternalFailure' };

import * as z from 'zod';
import { eventBusType } from '#local/services/events/event-bus-resource.ts';
import { EventBuses } from '#local/services/events/event-buses.ts';
import type { EventsHandler, EventsParts } from '#local/services/events/events-call.ts';
import { eventsFault, JSON_1_1, renderEventsFault } from '#local/services/events/events-fault.ts';
import { putEvents } from '#local/services/events/put-events.ts';
import {
  deleteRule,
  putRule,
  putTargets,
  removeTargets,
} from '#local/services/events/rule-operations.ts';
import type { LocalService, Operation, WireRequest } from '#local/services/local-service.ts';
import type { State } from '#local/state.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** A request of 1 MB whose every character JSON escapes takes six times as much. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const HANDLERS: Readonly<Record<string, EventsHandler>> = {
  PutEvents: putEvents,
  PutRule: putRule,
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
  DeleteRule: deleteRule,
};

/** What EventBridge stands on. */
export interface EventsOptions extends Omit<EventsParts, 'buses' | 'send'> {
  readonly state: State;
  readonly queues: { readonly send: EventsParts['send'] };
}

/** Amazon EventBridge as far as the local cloud has it: buses, and rules that send to queues. */
export interface EventsService extends LocalService {
  readonly resourceTypes: readonly ResourceType[];
}

/** Opens EventBridge with the rules that its state remembers. */
export function createEvents({ state, queues, ...place }: EventsOptions): EventsService {
  const parts: EventsParts = { ...place, buses: new EventBuses(state), send: queues.send };
  return {
    name: 'events',
    maxBodyBytes: MAX_BODY_BYTES,
    resourceTypes: [eventBusType(parts)],
    route: (request) => route(request, parts),
    renderFault: renderEventsFault,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function route(request: WireRequest, parts: EventsParts): Operation {
  const action = /^AWSEvents\.(\w+)$/.exec(request.headers['x-amz-target'] ?? '')?.[1] ?? '';
  const handler = Object.hasOwn(HANDLERS, action) ? HANDLERS[action] : undefined;
  if (!handler)
    throw eventsFault(
      'UnknownOperationException',
      `The action ${action} is not served by the local cloud.`,
    );
  const { permissions, run } = handler(bodyOf(request), parts);
  return {
    name: action,
    permissions,
    run: () => ({ status: 200, headers: JSON_1_1, body: JSON.stringify(run()) }),
  };
}

function bodyOf({ body }: WireRequest): unknown {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString() || '{}'));
  } catch (error) {
    throw eventsFault('SerializationException', 'The body is not a JSON object.', error);
  }
}

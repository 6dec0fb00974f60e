import type { WireRequest } from '#local/services/local-service.ts';
import { parseBody } from '#local/services/scheduler/check-members.ts';
import { schedulerFault } from '#local/services/scheduler/scheduler-fault.ts';

/** A request as its operation takes it: members from path, query and body under the names of the API. */
export interface SchedulerCall {
  readonly operation: OperationName;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The operations of the service. */
export type OperationName =
  | 'CreateSchedule'
  | 'UpdateSchedule'
  | 'GetSchedule'
  | 'DeleteSchedule'
  | 'ListSchedules'
  | 'CreateScheduleGroup'
  | 'GetScheduleGroup'
  | 'DeleteScheduleGroup'
  | 'ListScheduleGroups'
  | 'TagResource'
  | 'UntagResource'
  | 'ListTagsForResource';

interface Resource {
  /** What the rest of the path is, where the operation wants one. */
  readonly label?: string;
  readonly operations: Readonly<Record<string, OperationName>>;
}

const COLLECTIONS: Readonly<Record<string, Resource>> = {
  schedules: { operations: { GET: 'ListSchedules' } },
  'schedule-groups': { operations: { GET: 'ListScheduleGroups' } },
};

const ITEMS: Readonly<Record<string, Resource>> = {
  schedules: {
    label: 'Name',
    operations: {
      POST: 'CreateSchedule',
      PUT: 'UpdateSchedule',
      GET: 'GetSchedule',
      DELETE: 'DeleteSchedule',
    },
  },
  'schedule-groups': {
    label: 'Name',
    operations: {
      POST: 'CreateScheduleGroup',
      GET: 'GetScheduleGroup',
      DELETE: 'DeleteScheduleGroup',
    },
  },
  tags: {
    label: 'ResourceArn',
    operations: { POST: 'TagResource', GET: 'ListTagsForResource', DELETE: 'UntagResource' },
  },
};

/** Names that the query spells differently from the API. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  groupName: 'GroupName',
  clientToken: 'ClientToken',
  ScheduleGroup: 'GroupName',
};

/**
 * Finds the operation of a request, and its members.
 *
 * A path that ends in a slash names an item with an empty name, not the list.
 *
 * @throws {ServiceFault} `UnknownOperationException`, or `SerializationException` for a body that is no JSON object.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function readCall(request: WireRequest): SchedulerCall {
  const [, kind = '', ...rest] = request.path.split('/');
  const resource = rest.length === 0 ? COLLECTIONS[kind] : ITEMS[kind];
  const operation = resource?.operations[request.method];
  if (!resource || !operation)
    throw schedulerFault(
      'UnknownOperationException',
      `Unknown operation ${request.method} ${request.path}.`,
    );
  const hasBody = request.method === 'POST' || request.method === 'PUT';
  const members = hasBody ? parseBody(request.body) : queryMembers(request.query);
  const label = resource.label ? { [resource.label]: decode(rest.join('/')) } : {};
  return { operation, members: { ...members, ...label } };
}

function queryMembers(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const value = query.get(name);
    if (name === 'TagKeys') members[name] = query.getAll(name);
    else members[QUERY_NAMES[name] ?? name] = name === 'MaxResults' ? Number(value) : value;
  }
  return members;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

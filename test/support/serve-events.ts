import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import { createCallers } from '#local/iam/callers.ts';
import { createEvents } from '#local/services/events/create-events.ts';
import { openState } from '#local/state.ts';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { parseTemplate } from '#local/template/parse-template.ts';

const PLACE = { region: 'us-east-1', account: '000000000000' };

/** The name of the bus that the server has beside the account's own. */
export const BUS = 'Almanac-dev';

/** EventBridge on HTTP with a stopped clock, and what a test needs around it. */
export interface EventsServer extends AsyncDisposable {
  /** The operator's client. */
  readonly client: EventBridgeClient;
  /** A client that acts as a role. */
  roleClient(): EventBridgeClient;
  /** What was sent to queues, in order: the queue's ARN, and the message as JSON. */
  readonly sent: readonly { readonly queueArn: string; readonly event: unknown }[];
  /** Every permission that a call needed, as `action resource`, in order. */
  readonly asked: readonly string[];
  readonly logged: readonly string[];
}

/** Serves EventBridge on a free port. Queues whose ARN ends in `missing` are not there; a role may do nothing where `deny` says so. */
export async function serveEvents(
  options: { readonly dataDir?: string; readonly deny?: boolean } = {},
): Promise<EventsServer> {
  const activity = new Activity();
  const clock = new LocalClock(activity, Date.parse('2026-11-23T09:00:00Z'));
  const callers = createCallers();
  const state = openState(options.dataDir);
  const sent: { queueArn: string; event: unknown }[] = [];
  const asked: string[] = [];
  const logged: string[] = [];
  const events = createEvents({
    ...PLACE,
    clock,
    state,
    queues: {
      send: (queueArn, { body }) => {
        if (queueArn.endsWith('missing')) throw new Error('no such queue');
        sent.push({ queueArn, event: JSON.parse(body) });
      },
    },
    log: (line) => logged.push(line),
  });
  const template = {
    Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: BUS } } },
  };
  await deployTemplate(
    parseTemplate(template),
    { stackName: 'Almanac-dev', ...PLACE },
    events.resourceTypes,
  );
  const authorizer: Authorizer = {
    decide: ({ kind }, { action, resource }) => {
      asked.push(`${action} ${resource}`);
      return kind === 'role' && options.deny
        ? { kind: 'denied', message: `Not authorized to perform: ${action}` }
        : { kind: 'allowed' };
    },
  };
  const listener = await listen(0);
  const front = { faults: createFaults(), requests: new RequestLog() };
  listener.attach(serveService(events, { clock, activity, callers, authorizer, ...front }));
  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new EventBridgeClient({
      region: PLACE.region,
      endpoint: listener.url,
      maxAttempts: 1,
      credentials,
    });
  return {
    client: clientOf({ accessKeyId: 'test', secretAccessKey: 'test' }),
    roleClient: () =>
      clientOf(
        callers.issue({
          kind: 'role',
          roleArn: `arn:aws:iam::${PLACE.account}:role/publisher`,
          actor: 'publisher',
        }),
      ),
    sent,
    asked,
    logged,
    [Symbol.asyncDispose]: async () => {
      await listener[Symbol.asyncDispose]();
      clock.close();
      state[Symbol.dispose]();
    },
  };
}

import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { AnnounceExpiring } from '#infra/constructs/announce-expiring.ts';
import { PublishEvents, type PublishEventsProps } from '#infra/constructs/publish-events.ts';

/**
 * Makes the stack's event bus, and what tells on it what has happened and what is about to, where the stage has one.
 *
 * The bus has the stack's name, as rules are often made elsewhere and name it there.
 */
export function addEvents(
  scope: Construct,
  props: Omit<PublishEventsProps, 'bus'>,
): EventBus | undefined {
  if (!props.config.hasEventBus) return undefined;
  const bus = new EventBus(scope, 'Bus', {
    eventBusName: Stack.of(scope).stackName,
    description: 'What happens to the jobs and schedules of Almanac',
  });
  new PublishEvents(scope, 'PublishEvents', { ...props, bus });
  new AnnounceExpiring(scope, 'AnnounceExpiring', { ...props, bus });
  return bus;
}

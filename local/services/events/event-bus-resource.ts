import * as z from 'zod';
import { busArn, type EventsParts } from '#local/services/events/events-call.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

/**
 * Tells how the local cloud takes an event bus.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html
 */
export function eventBusType({ buses, region, account }: EventsParts): ResourceType {
  return resourceType({
    type: 'AWS::Events::EventBus',
    properties: z.strictObject({ Name: z.string() }),
    inert: { Description: 'It only tells people what the bus is for.' },
    identify: (scope) => {
      const name = scope.property('Name') ?? '';
      return { ref: name, attributes: { Arn: busArn({ region, account }, name), Name: name } };
    },
    create: ({ Name }) => buses.add(Name),
  });
}

import type { AlmanacEvent, EventType } from '#shared/domain/event/almanac-event.ts';

/**
 * An event in the JSON form of CloudEvents.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface CloudEvent extends AlmanacEvent {
  readonly specversion: '1.0';
  /** The ARN of the stack's bus: with `id` it names the event in all the world. */
  readonly source: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
}

/** Tells an event to the world, as one of the stack whose bus has this ARN. */
export function cloudEvent(event: AlmanacEvent, source: string): CloudEvent {
  const { type, id, subject, time, data } = event;
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    data,
  };
}

/** Names the schema of a type of event; a change that a subscriber could trip over gets the next number. */
export function schemaOf(type: EventType): string {
  return `urn:almanac:event:${type}:1`;
}

/** Points to what that schema says of an event's `data`, which is what CloudEvents asks for. */
export function dataSchemaOf(type: EventType): string {
  return `${schemaOf(type)}#/properties/data`;
}

import * as z from 'zod';

/** One message, as a queue hands it to a function. */
export interface QueueRecord {
  readonly messageId: string;
  /** The body, parsed as JSON where it is JSON, else the text. */
  readonly body: unknown;
  /** The string attributes that its sender gave it. */
  readonly attributes: Readonly<Record<string, string>>;
}

const queueEvent = z.object({
  Records: z.array(
    z
      .object({
        messageId: z.string(),
        body: z.string(),
        messageAttributes: z
          .record(z.string(), z.object({ stringValue: z.string().optional() }))
          .default({}),
      })
      .transform(
        ({ messageId, body, messageAttributes }): QueueRecord => ({
          messageId,
          body: parseJson(body),
          attributes: Object.fromEntries(
            Object.entries(messageAttributes).map(([name, { stringValue = '' }]) => [
              name,
              stringValue,
            ]),
          ),
        }),
      ),
  ),
});

/**
 * Reads the event by which a queue calls a function.
 *
 * @throws a schema error for anything else.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function parseQueueEvent(event: unknown): readonly QueueRecord[] {
  return queueEvent.parse(event).Records;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

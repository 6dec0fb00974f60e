import { describe, expect, it } from 'vitest';
import { logger } from '#shared/adapters/logger.ts';
import {
  answerBatch,
  parseQueueEvent,
  type QueueRecord,
} from '#shared/adapters/sqs/queue-event.ts';

logger.setLogLevel('SILENT');

const records: readonly QueueRecord[] = ['a', 'b', 'c'].map((messageId) => ({
  messageId,
  body: {},
  attributes: {},
}));

describe('parseQueueEvent', () => {
  it('reads bodies as JSON, other text as it is, and the attributes that are text', () => {
    const event = {
      Records: [
        { messageId: 'a', body: '{"v":1}' },
        {
          messageId: 'b',
          body: 'hello',
          messageAttributes: {
            ERROR_CODE: { stringValue: 'AccessDenied', dataType: 'String' },
            BYTES: { binaryValue: 'AA==', dataType: 'Binary' },
          },
        },
      ],
    };

    expect(parseQueueEvent(event)).toEqual([
      { messageId: 'a', body: { v: 1 }, attributes: {} },
      { messageId: 'b', body: 'hello', attributes: { ERROR_CODE: 'AccessDenied', BYTES: '' } },
    ]);
  });

  it('refuses what no queue sends', () => {
    expect(() => parseQueueEvent({ messages: [] })).toThrow('Records');
  });
});

describe('answerBatch', () => {
  it('names the messages that failed, and finishes the others', async () => {
    const done: string[] = [];

    const answer = await answerBatch(records, async ({ messageId }) => {
      if (messageId === 'b') throw new Error('not now');
      done.push(messageId);
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(done).toEqual(['a', 'c']);
  });
});

import { describe, expect, it } from 'vitest';
import {
  answerStream,
  parseStreamEvent,
  type StreamChange,
} from '#shared/adapters/dynamodb/stream-event.ts';
import { logger } from '#shared/adapters/logger.ts';

logger.setLogLevel('SILENT');

const changes: readonly StreamChange[] = ['1', '2', '3'].map((sequenceNumber) => ({
  eventName: 'INSERT',
  sequenceNumber,
  at: 1_795_424_400,
  keys: {},
}));

describe('parseStreamEvent', () => {
  it('reads images as items, bytes included', () => {
    const event = {
      Records: [
        {
          eventID: '1',
          eventName: 'MODIFY',
          dynamodb: {
            SequenceNumber: '42',
            ApproximateCreationDateTime: 1_795_424_400.5,
            Keys: { scheduleId: { S: 'daily-sales' } },
            NewImage: { n: { N: '7' }, sync: { M: { state: { S: 'pending' } } } },
            OldImage: { resultZ: { B: 'AQID' }, none: { NULL: true }, yes: { BOOL: true } },
          },
        },
      ],
    };

    expect(parseStreamEvent(event)).toEqual([
      {
        eventName: 'MODIFY',
        sequenceNumber: '42',
        at: 1_795_424_400,
        keys: { scheduleId: 'daily-sales' },
        newItem: { n: 7, sync: { state: 'pending' } },
        oldItem: { resultZ: expect.toSatisfy(isBytes([1, 2, 3])), none: null, yes: true },
      },
    ]);
  });

  it('refuses what no stream sends', () => {
    expect(() => parseStreamEvent({ Records: [{ eventName: 'TRUNCATE' }] })).toThrow('eventName');
  });
});

describe('answerStream', () => {
  it('stops at the first change that fails, as what follows may build on it', async () => {
    const seen: string[] = [];

    const answer = await answerStream(changes, async ({ sequenceNumber }) => {
      seen.push(sequenceNumber);
      if (sequenceNumber === '2') throw new Error('not now');
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(seen).toEqual(['1', '2']);
  });

  it('has nothing delivered again where all went well', async () => {
    expect(await answerStream(changes, async () => {})).toEqual({ batchItemFailures: [] });
  });
});

function isBytes(expected: readonly number[]) {
  return (value: unknown) => value instanceof Uint8Array && [...value].join() === expected.join();
}

import { describe, expect, it } from 'vitest';
import { startQueued } from '#functions/follow-jobs/start-queued.ts';
import { serializeStart } from '#shared/domain/job/start.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

const start = aStart({ fireTime: '2026-11-23T09:00:00Z~0123456789ABCDEFGHJKMNPQRS' });
const queued = { state: 'queued', start: serializeStart(start) };
const change = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', newItem?: Record<string, unknown>) => ({
  eventName,
  sequenceNumber: '1',
  at: FIRE_TIME,
  keys: {},
  ...(newItem && { newItem }),
});

describe('startQueued', () => {
  const startAll = async (changes: Parameters<typeof startQueued>[0]) => {
    const sent: QueuedMessage[] = [];
    const queue = { send: async (message: QueuedMessage) => void sent.push(message) };
    await startQueued(changes, { queue, now: () => FIRE_TIME });
    return sent;
  };

  it('sends the start of a job that has just been queued', async () => {
    expect(await startAll([change('INSERT', queued)])).toEqual([
      { kind: 'start', notBefore: FIRE_TIME, start },
    ]);
  });

  it('leaves what is written later, what settles at once, and what goes', async () => {
    const changes = [
      change('MODIFY', queued),
      change('INSERT', { state: 'settled' }),
      change('REMOVE'),
    ];

    expect(await startAll(changes)).toEqual([]);
  });

  it('fails for a row that has no start, so that it does not wait unseen', async () => {
    await expect(startAll([change('INSERT', { state: 'queued', start: '{}' })])).rejects.toThrow(
      'Expected a queued job to have its start',
    );
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openState } from '#local/state.ts';

describe('openState', () => {
  it('keeps collections apart, and lists one in order of its keys', () => {
    using state = openState();
    const queues = state.collection('queues');
    queues.set('b', { messages: [1] });
    queues.set('a', 'text');
    state.collection('other').set('a', 1);

    expect(queues.entries()).toEqual([
      ['a', 'text'],
      ['b', { messages: [1] }],
    ]);
  });

  it('gives back the last value of a key, and nothing for one that was deleted', () => {
    using state = openState();
    const collection = state.collection('one');
    collection.set('key', 1);
    collection.set('key', 2);
    collection.set('gone', 3);
    collection.delete('gone');

    expect(collection.get('key')).toBe(2);
    expect(collection.get('gone')).toBeUndefined();
  });

  it('survives a restart in its data directory', () => {
    const directory = mkdtempSync(join(tmpdir(), 'almanac-state-'));
    {
      using state = openState(directory);
      state.collection('one').set('key', { kept: true });
    }

    using state = openState(directory);

    expect(state.collection('one').get('key')).toEqual({ kept: true });
    rmSync(directory, { recursive: true });
  });
});

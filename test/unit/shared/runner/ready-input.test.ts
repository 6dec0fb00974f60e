import { beforeEach, describe, expect, it } from 'vitest';
import type { Start } from '#shared/domain/job/start.ts';
import { type InputEnd, InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { aStart } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const INPUT = { total: { $result: { schedule: 'daily-sales' } } };
const SOURCE = { pointer: '/total', job: 'daily-sales@20261123T080000Z' };
const RETRY = { maxAttempts: 3, delay: 30, factor: 1, maxDelay: 30 };

let world: RunnerWorld;
let given: unknown[];

beforeEach(() => {
  world = new RunnerWorld();
  world.inputs = { resolve: async () => ({ input: { total: 7 }, inputs: [SOURCE] }) };
  given = [];
});

const run = (start: Start) =>
  world.run(start, ({ input }) => {
    given.push(input);
    return 'done';
  });
const refuse = (end: Partial<InputEnd>) => {
  world.inputs = {
    resolve: () =>
      Promise.reject(
        new InputUnavailable('Expected a result, got none.', {
          name: 'StaleInput',
          outcome: 'error',
          isFinal: false,
          ...end,
        }),
      ),
  };
};
const start = (changes: Partial<Start> = {}) => aStart({ input: INPUT, ...changes });
const row = () => world.jobs.row({ scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' });

describe('a job whose input refers to results', () => {
  it('is given them, and has noted whose they are before its function is called', async () => {
    await run(start());

    expect(given).toEqual([{ total: 7 }]);
    expect(world.jobs.writes).toEqual(['create 1', 'note inputs 1', 'settle 1']);
  });

  it('loads and writes nothing more where its input refers to none', async () => {
    await run(start({ input: { total: '$result' } }));

    expect(given).toEqual([{ total: '$result' }]);
    expect(world.loaded).toEqual(new Set());
    expect(world.jobs.writes).toEqual(['create 1', 'settle 1']);
  });

  it('ends in error where there is no result, and its function is not called', async () => {
    refuse({});

    await run(start());

    expect(given).toEqual([]);
    expect(row()?.settlement).toMatchObject({
      outcome: 'error',
      error: { name: 'StaleInput', message: 'Expected a result, got none.' },
    });
    expect(row()?.settlement?.error).not.toHaveProperty('stack');
  });

  it('looks again by its retry policy, unless no later attempt can find another', async () => {
    refuse({});
    const first = await run(start({ policy: { resultExpirationTime: 0, retry: RETRY } }));
    world = new RunnerWorld();
    refuse({ isFinal: true });

    const last = await run(start({ policy: { resultExpirationTime: 0, retry: RETRY } }));

    expect(first).toMatchObject({ kind: 'retrying' });
    expect(last).toMatchObject({ kind: 'settled', outcome: 'error' });
  });

  it('is skipped where that is asked for, whatever its retry policy', async () => {
    refuse({ outcome: 'skipped' });

    const end = await run(start({ policy: { resultExpirationTime: 0, retry: RETRY } }));

    expect(end).toMatchObject({ kind: 'settled', outcome: 'skipped', attempt: 1 });
    expect(world.sent).toEqual([]);
  });

  it('does not run where it has been taken from the attempt meanwhile', async () => {
    world.inputs = {
      resolve: async () => {
        world.jobs.noteInputs = async () => ({ kind: 'refused' });
        world.jobs.settle = async () => ({ kind: 'refused' });
        return { input: {}, inputs: [] };
      },
    };

    expect(await run(start())).toMatchObject({ kind: 'fenced-off' });
    expect(given).toEqual([]);
  });
});

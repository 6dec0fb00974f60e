import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LiveQueue } from '#local/services/sqs/live-queue.ts';

it('gives the living in order, and none of the dead, however many there are', () => {
  const someNumbers = fc.uniqueArray(fc.integer(), { maxLength: 300 });
  fc.assert(
    fc.property(someNumbers, fc.func(fc.boolean()), (numbers, isSpared) => {
      const dead = new Set<number>();
      const queue = new LiveQueue<number>(
        (one, other) => one - other,
        (entry) => !dead.has(entry),
      );
      for (const number of numbers) {
        queue.push(number);
        if (!isSpared(number)) dead.add(number);
      }

      const given: number[] = [];
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) given.push(next);

      const living = numbers.filter((number) => !dead.has(number));
      expect(given).toEqual(living.sort((one, other) => one - other));
    }),
  );
});

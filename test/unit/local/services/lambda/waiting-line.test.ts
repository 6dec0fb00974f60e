import { describe, expect, it, vi } from 'vitest';
import { WaitingLine } from '#local/services/lambda/waiting-line.ts';

const aWaiter = (name: string, functionName = 'a') => ({ name, functionName, depth: 0 });

describe('WaitingLine', () => {
  it('takes out who came first of those who may enter, whatever they wait for', () => {
    const line = new WaitingLine<ReturnType<typeof aWaiter>>();
    for (const waiter of [aWaiter('1', 'a'), aWaiter('2', 'b'), aWaiter('3', 'a')])
      line.add(waiter);

    expect(line.takeFirst(({ functionName }) => functionName === 'b')?.name).toBe('2');
    expect([1, 2, 3].map(() => line.takeFirst(() => true)?.name)).toEqual(['1', '3', undefined]);
  });

  it('asks only the first who waits for the same', () => {
    const line = new WaitingLine<ReturnType<typeof aWaiter>>();
    for (let at = 0; at < 1_000; at += 1) line.add(aWaiter(String(at)));
    const mayEnter = vi.fn(() => false);

    expect(line.takeFirst(mayEnter)).toBeUndefined();
    expect(mayEnter).toHaveBeenCalledOnce();
  });

  it('lets who no longer waits be passed over', () => {
    const line = new WaitingLine<ReturnType<typeof aWaiter>>();
    const [gone, here] = [aWaiter('gone'), aWaiter('here')];
    line.add(gone);
    line.add(here);
    line.remove(gone);

    expect(line.takeFirst(() => true)).toBe(here);
    expect(line.clear()).toEqual([]);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  EnvironmentPool,
  type PooledEnvironment,
} from '#local/services/lambda/environment-pool.ts';

const LIMITS = { perFunction: 2, inAll: 4, idleMs: 600_000 };

class FakeEnvironment implements PooledEnvironment {
  readonly name: string;
  hasEnded = false;

  constructor(name: string) {
    this.name = name;
  }

  kill(): void {
    this.hasEnded = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
  }
}

describe('EnvironmentPool', () => {
  it('lends the environment that was used last', async () => {
    const { pool } = aPool();
    const [one, two] = [await acquire(pool, 'a'), await acquire(pool, 'a')];
    pool.release(two);
    pool.release(one);

    expect(await acquire(pool, 'a')).toBe(one);
  });

  it('lends no environment that has ended', async () => {
    const { pool } = aPool();
    const ended = await acquire(pool, 'a');
    pool.release(ended);
    ended.kill();

    expect(await acquire(pool, 'a')).not.toBe(ended);
  });

  it('lets those who wait in by their order', async () => {
    const { pool } = aPool();
    const [one, two] = [await acquire(pool, 'a'), await acquire(pool, 'a')];
    const entered: string[] = [];
    const third = acquire(pool, 'a').then(() => entered.push('third'));
    const fourth = acquire(pool, 'a').then(() => entered.push('fourth'));

    pool.release(one);
    await third;
    expect(entered).toEqual(['third']);
    pool.release(two);
    await fourth;

    expect(entered).toEqual(['third', 'fourth']);
  });

  it('does not let the full places of one function keep another out', async () => {
    const { pool } = aPool();
    await acquire(pool, 'a');
    await acquire(pool, 'a');
    void acquire(pool, 'a').catch(() => {});

    expect((await acquire(pool, 'b')).name).toBe('b');
  });

  it('lets a call by a function in where no event finds a place any more', async () => {
    const { pool } = aPool();
    for (const name of ['a', 'b', 'c']) await acquire(pool, name);
    const event = acquire(pool, 'd');
    const entered = vi.fn();
    void event.then(entered, () => {});

    const call = await pool.acquire({ functionName: 'e', depth: 1 });

    expect(call.name).toBe('e');
    expect(entered).not.toHaveBeenCalled();
  });

  it('ends the environment that was idle longest when the limit presses', async () => {
    const { pool } = aPool();
    const idle: FakeEnvironment[] = [];
    for (const name of ['a', 'b', 'c']) {
      const environment = await acquire(pool, name);
      pool.release(environment);
      idle.push(environment);
    }
    await acquire(pool, 'd');
    expect(idle.map((environment) => environment.hasEnded)).toEqual([false, false, false]);

    await acquire(pool, 'e');

    expect(idle.map((environment) => environment.hasEnded)).toEqual([true, false, false]);
  });

  it('ends an environment after ten idle minutes', async () => {
    vi.useFakeTimers();
    const { pool } = aPool();
    const environment = await acquire(pool, 'a');
    pool.release(environment);

    vi.advanceTimersByTime(599_999);
    expect(environment.hasEnded).toBe(false);
    vi.advanceTimersByTime(1);

    expect(environment.hasEnded).toBe(true);
  });

  it('gives up a wait after its time with a throttle', async () => {
    vi.useFakeTimers();
    const { pool } = aPool();
    await acquire(pool, 'a');
    await acquire(pool, 'a');
    const waiting = pool.acquire({ functionName: 'a', depth: 1, waitMs: 30_000 });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'TooManyRequestsException' });

    vi.advanceTimersByTime(30_000);

    await refused;
  });

  it('gives the place back when an environment cannot be started', async () => {
    const { pool, started } = aPool();
    started.mockRejectedValueOnce(new Error('no process'));
    started.mockRejectedValueOnce(new Error('no process'));
    await expect(acquire(pool, 'a')).rejects.toThrow('no process');
    await expect(acquire(pool, 'a')).rejects.toThrow('no process');

    await acquire(pool, 'a');
    expect((await acquire(pool, 'a')).name).toBe('a');
  });

  it('disposed, ends what runs, idles and starts, and refuses those who wait', async () => {
    const { pool, started } = aPool();
    const [busy, idle] = [await acquire(pool, 'a'), await acquire(pool, 'b')];
    pool.release(idle);
    const late = new FakeEnvironment('c');
    const start = Promise.withResolvers<FakeEnvironment>();
    started.mockReturnValueOnce(start.promise);
    const starting = expect(acquire(pool, 'c')).rejects.toThrow('closing');
    await acquire(pool, 'a');
    const waiting = expect(acquire(pool, 'a')).rejects.toThrow('closing');

    const disposed = pool[Symbol.asyncDispose]();
    start.resolve(late);
    await Promise.all([disposed, starting, waiting]);

    expect([busy, idle, late].map((environment) => environment.hasEnded)).toEqual([
      true,
      true,
      true,
    ]);
    await expect(acquire(pool, 'a')).rejects.toThrow('closing');
  });
});

afterEach(() => {
  vi.useRealTimers();
});

function aPool() {
  const started = vi.fn(async (name: string) => new FakeEnvironment(name));
  return { started, pool: new EnvironmentPool(started, LIMITS) };
}

function acquire(pool: EnvironmentPool<FakeEnvironment>, functionName: string) {
  return pool.acquire({ functionName, depth: 0 });
}

import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it, vi } from 'vitest';
import { guardedLookup } from '#functions/tasks/http-request/guarded-lookup.ts';

const PUBLIC: LookupAddress[] = [
  { address: '2606:4700:4700::1111', family: 6 },
  { address: '1.1.1.1', family: 4 },
];

/** Looks a name up as a connection does, and gives what the connection is told. */
function lookUp(resolve: Parameters<typeof guardedLookup>[0], options: LookupOptions) {
  return new Promise<unknown>((settle) => {
    guardedLookup(resolve)('some.example', options, (error, address, family) =>
      settle(error ?? { address, family }),
    );
  });
}

describe('guardedLookup', () => {
  it('hands on the very addresses that it checked, resolved once', async () => {
    const resolve = vi.fn().mockResolvedValueOnce(PUBLIC).mockResolvedValue([]);

    expect(await lookUp(resolve, { all: true, family: 0 })).toMatchObject({ address: PUBLIC });
    expect(resolve.mock.calls).toEqual([['some.example', { all: true, family: 0 }]]);
  });

  it('gives one address where the connection asks for one, having checked all', async () => {
    const onePrivate = [...PUBLIC, { address: '10.0.0.1', family: 4 }];

    expect(await lookUp(async () => PUBLIC, {})).toEqual({
      address: '2606:4700:4700::1111',
      family: 6,
    });
    expect(await lookUp(async () => onePrivate, {})).toMatchObject({ name: 'AddressRefused' });
  });

  it('passes the error of the resolver on', async () => {
    const failing = async () => Promise.reject(new Error('ENOTFOUND'));

    expect(await lookUp(failing, {})).toEqual(new Error('ENOTFOUND'));
  });
});

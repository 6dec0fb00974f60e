import { describe, expect, it } from 'vitest';
import { createFaults, type Fault } from '#local/faults.ts';

const SETTLE = { service: 'dynamodb', operation: 'UpdateItem', caller: 'task' } as const;

function aFault(more: Partial<Fault> = {}): Fault {
  return {
    service: 'dynamodb',
    operation: 'UpdateItem',
    nth: 1,
    when: 'before',
    do: 'error',
    ...more,
  };
}

describe('createFaults', () => {
  it('lets only the nth matching call meet a fault, once', () => {
    const faults = createFaults();
    faults.add(aFault({ nth: 2 }));

    const met = [1, 2, 3].map(() => faults.meet(SETTLE) !== undefined);

    expect(met).toEqual([false, true, false]);
  });

  it('counts only calls of the service, operation and caller that it names', () => {
    const faults = createFaults();
    faults.add(aFault({ caller: 'task' }));

    expect(faults.meet({ ...SETTLE, service: 's3' })).toBeUndefined();
    expect(faults.meet({ ...SETTLE, operation: 'PutItem' })).toBeUndefined();
    expect(faults.meet({ ...SETTLE, caller: 'other' })).toBeUndefined();
    expect(faults.meet(SETTLE)).toMatchObject({ do: 'error' });
  });

  it('keeps two equal faults apart', () => {
    const faults = createFaults();
    faults.add(aFault());
    faults.add(aFault({ nth: 2 }));

    expect([faults.meet(SETTLE), faults.meet(SETTLE)].every(Boolean)).toBe(true);
    expect(faults.meet(SETTLE)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { createFaults, type Fault, type FaultableCall } from '#local/faults.ts';

const SETTLE: FaultableCall = {
  service: 'dynamodb',
  operation: 'UpdateItem',
  caller: 'task',
  invocation: 'one',
  mentions: (text) => text === 'job-1',
};

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

  it('counts only requests that mention what it is about', () => {
    const faults = createFaults();
    faults.add(aFault({ about: 'job-2' }));
    faults.add(aFault({ about: 'job-1', do: 'drop' }));

    expect(faults.meet(SETTLE)).toMatchObject({ about: 'job-1' });
    expect(faults.meet(SETTLE)).toBeUndefined();
  });

  it('lets every further call of the invocation meet a lasting fault, and none of another', () => {
    const faults = createFaults();
    faults.add(aFault({ nth: 2, isLasting: true }));

    const met = ['one', 'one', 'two', 'one', 'one'].map(
      (invocation) => faults.meet({ ...SETTLE, invocation }) !== undefined,
    );

    expect(met).toEqual([false, true, false, true, true]);
  });

  it('lets one call that no function makes meet a lasting fault', () => {
    const faults = createFaults();
    faults.add(aFault({ isLasting: true }));
    const ofOperator = { ...SETTLE, caller: 'operator', invocation: undefined };

    expect([faults.meet(ofOperator), faults.meet(ofOperator)].map(Boolean)).toEqual([true, false]);
  });

  it('tells whether a fault has been met', () => {
    const faults = createFaults();
    const [met, waiting] = [faults.add(aFault()), faults.add(aFault({ nth: 2 }))];

    faults.meet(SETTLE);

    expect([met.isMet, waiting.isMet]).toEqual([true, false]);
  });

  it('keeps two equal faults apart', () => {
    const faults = createFaults();
    faults.add(aFault());
    faults.add(aFault({ nth: 2 }));

    expect([faults.meet(SETTLE), faults.meet(SETTLE)].every(Boolean)).toBe(true);
    expect(faults.meet(SETTLE)).toBeUndefined();
  });
});

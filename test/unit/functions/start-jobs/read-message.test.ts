import { describe, expect, it } from 'vitest';
import { readMessage } from '#functions/start-jobs/read-message.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

describe('readMessage', () => {
  it('reads a start with when it is due', () => {
    expect(readMessage({ ...aStart(), notBefore: FIRE_TIME })).toEqual({
      kind: 'start',
      notBefore: FIRE_TIME,
      start: aStart(),
    });
  });

  it('reads a start that says nothing of when it is due as due', () => {
    expect(readMessage(aStart())).toMatchObject({ kind: 'start', notBefore: 0 });
  });

  it('reads a schedule to be tried again', () => {
    const message = { kind: 'project', notBefore: 1, scheduleId: 'daily-sales', generation: 2 };

    expect(readMessage(message)).toEqual(message);
  });

  it.each([[null], ['start'], [{}], [{ kind: 'project' }], [{ ...aStart(), v: 2 }]])(
    'refuses %j, and says why',
    (body) => {
      expect(() => readMessage(body)).toThrow('Expected a message of the starts queue');
    },
  );
});

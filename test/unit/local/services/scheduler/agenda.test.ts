import { describe, expect, it } from 'vitest';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { Agenda } from '#local/services/scheduler/agenda.ts';

function anAgenda(onDue: (key: string, agenda: Agenda) => void = () => undefined) {
  const activity = new Activity();
  const clock = new LocalClock(activity, 0);
  const reminded: [number, string][] = [];
  const agenda: Agenda = new Agenda({
    clock,
    activity,
    what: 'test',
    onDue: (key) => {
      reminded.push([clock.nowMs(), key]);
      onDue(key, agenda);
    },
  });
  return { agenda, clock, reminded };
}

describe('Agenda', () => {
  it('reminds of each key at its instant, and of those at the same one in the order of booking', async () => {
    const { agenda, clock, reminded } = anAgenda();
    agenda.book('b', 20);
    agenda.book('a', 10);
    agenda.book('c', 20);

    await clock.advanceTo(30);

    expect(reminded).toEqual([
      [10, 'a'],
      [20, 'b'],
      [20, 'c'],
    ]);
  });

  it('reminds at the last instant that was booked for a key, and of none that was cancelled', async () => {
    const { agenda, clock, reminded } = anAgenda();
    agenda.book('moved', 10);
    agenda.book('moved', 30);
    agenda.book('cancelled', 10);
    agenda.cancel('cancelled');
    agenda.cancel('unknown');

    await clock.advanceTo(40);

    expect(reminded).toEqual([[30, 'moved']]);
  });

  it('heeds what one reminder does to the others of its instant', async () => {
    const { agenda, clock, reminded } = anAgenda((key, its) => {
      if (key !== 'first') return;
      its.cancel('cancelled');
      its.book('moved', 20);
      its.book('again', 10);
      its.book('added', 10);
    });
    for (const key of ['first', 'cancelled', 'moved', 'again']) agenda.book(key, 10);

    await clock.advanceTo(30);

    expect(reminded).toEqual([
      [10, 'first'],
      [10, 'again'],
      [10, 'added'],
      [20, 'moved'],
    ]);
  });

  it('forgets everything when it is cleared', async () => {
    const { agenda, clock, reminded } = anAgenda();
    agenda.book('a', 10);
    agenda.clear();

    await clock.advanceTo(20);

    expect(reminded).toEqual([]);
  });

  it('reminds of a passed instant at the next opportunity', async () => {
    const { agenda, clock, reminded } = anAgenda();
    await clock.advanceTo(100);
    agenda.book('late', 10);

    await clock.advanceTo(100);

    expect(reminded).toEqual([[100, 'late']]);
  });
});

import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { applyStateChange, type StateChange } from '#shared/domain/schedule/apply-state-change.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { findSchedule } from './find-schedule.ts';
import type { WriteOptions, WriteSchedulePorts } from './write-schedule.ts';

/** What is asked for does not depend on who else writes, so a lost race is run again. */
const MOST_ROUNDS = 5;

/** So many starts are sent at once. */
const SENDS_AT_ONCE = 25;

/**
 * Changes a schedule's state by a rule, whoever else writes it meanwhile; EventBridge follows from the table's stream.
 *
 * @param decide - Says what becomes of the schedule as it was read; `undefined` leaves it as it is.
 * @returns The schedule as it is now.
 * @throws {AlmanacError} `schedule.not-found`; `schedule.stale` after losing several races in a row.
 */
export async function changeState(
  scheduleId: string,
  decide: (present: StoredSchedule) => StateChange | undefined,
  context: WriteOptions & { readonly ports: WriteSchedulePorts },
): Promise<StoredSchedule> {
  const { now, isDryRun, ports } = context;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const present = await findSchedule(scheduleId, ports.schedules);
    const change = decide(present);
    if (!change) return present;
    const state = applyStateChange(present, change, now);
    const changed = { definition: present.definition, state };
    if (isDryRun) return changed;
    await sendAll(change.starts, ports);
    if (await ports.schedules.writeState(state, present.state)) return changed;
  }
  throw new AlmanacError(
    'schedule.stale',
    `Expected to change \`${scheduleId}\` within ${MOST_ROUNDS} tries, got another change before each. Try again.`,
  );
}

async function sendAll(
  starts: StateChange['starts'],
  { queue }: WriteSchedulePorts,
): Promise<void> {
  for (let first = 0; first < starts.length; first += SENDS_AT_ONCE)
    await Promise.all(
      starts
        .slice(first, first + SENDS_AT_ONCE)
        .map((due) => queue.send({ kind: 'start', ...due })),
    );
}

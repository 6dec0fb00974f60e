import { type CompareCopiesPorts, compareCopies } from './compare-copies.ts';
import { type CountBudgetsPorts, type CountedBudgets, countBudgets } from './count-budgets.ts';
import { eachOf } from './each-of.ts';
import { countRepairs, type Repair, type Repairs } from './repair.ts';
import { type SweepSchedulesPorts, sweepSchedules } from './sweep-schedules.ts';
import { type SweepSubmittedPorts, sweepSubmitted } from './sweep-submitted.ts';

/** What sweeping needs. */
export interface SweepPorts
  extends SweepSchedulesPorts,
    SweepSubmittedPorts,
    CompareCopiesPorts,
    CountBudgetsPorts {
  readonly store: SweepSchedulesPorts['store'] &
    SweepSubmittedPorts['store'] &
    CompareCopiesPorts['store'];
  readonly rows: SweepSubmittedPorts['rows'];
  readonly schedules: SweepSchedulesPorts['schedules'] & CompareCopiesPorts['schedules'];
  /** The ids of the tasks that the stack has. */
  readonly tasks: readonly string[];
}

/** What a sweep came to. */
export interface Swept {
  /** Schedules and tombstones. */
  readonly seen: number;
  /** Those of them whose jobs were looked at. */
  readonly looked: number;
  /** Copies of EventBridge that were looked at. */
  readonly compared: number;
  readonly budgets: CountedBudgets;
  readonly repairs: Repairs;
  /** How long the round has taken that came to the end of the schedules with it. */
  readonly roundSeconds?: number;
}

/** So many tasks are looked at at once. */
const TASKS_AT_ONCE = 5;

/**
 * Looks for what stands still, and sets it going: schedules and their jobs, submitted jobs, and copies that are not as they should be.
 * Then counts what schedules take of the stack's budgets.
 *
 * Each of the four has a place of its own to go on from, and none waits for another's.
 *
 * @throws {AlmanacError} `store.unavailable` where the schedules cannot be read.
 */
export async function sweep(ports: SweepPorts): Promise<Swept> {
  const submitted = await eachOf(ports.tasks, TASKS_AT_ONCE, (task) => ofTask(task, ports));
  const schedules = await sweepSchedules(ports);
  const copies = ports.hasTime() ? await compareCopies(ports) : { compared: 0, repairs: [] };
  const budgets = ports.hasTime() ? await countBudgets(ports) : { reweighed: 0, ledgers: [] };
  const { repairs, ...seen } = schedules;
  return {
    ...seen,
    compared: copies.compared,
    budgets,
    repairs: countRepairs([...submitted.flat(), ...repairs, ...copies.repairs]),
  };
}

async function ofTask(task: string, ports: SweepPorts): Promise<readonly (Repair | undefined)[]> {
  try {
    return await sweepSubmitted(task, ports);
  } catch (error) {
    ports.report(`task:${task}`, error);
    return ['failed'];
  }
}

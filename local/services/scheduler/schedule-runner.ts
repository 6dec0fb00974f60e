import { Agenda } from '#local/services/scheduler/agenda.ts';
import {
  type DeliveryOptions,
  EventDeliveries,
} from '#local/services/scheduler/event-deliveries.ts';
import { isoSeconds } from '#local/services/scheduler/fill-input.ts';
import {
  dropPassed,
  type Firing,
  isOneTime,
  nextFiring,
} from '#local/services/scheduler/plan-firing.ts';
import type { KeptSchedule, ScheduleStore } from '#local/services/scheduler/schedule-store.ts';

/** What running schedules needs. */
export interface RunnerOptions extends Omit<DeliveryOptions, 'onSettled'> {
  readonly store: ScheduleStore;
}

/** A firing later than this was not delayed but slept through. EventBridge promises less than a minute. */
const MAX_LATENESS_MS = 60_000;
/** How many cron times are counted one by one at a start; beyond, the number told is a lower bound. */
const MAX_COUNTED = 5_000;

/** Fires schedules when they are due, one after the other. */
export class ScheduleRunner {
  readonly #options: RunnerOptions;
  readonly #deliveries: EventDeliveries;
  readonly #agenda: Agenda;
  readonly #planned = new Map<string, Firing>();
  readonly #madeMs: number;
  #isStarted = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#madeMs = options.clock.nowMs();
    this.#deliveries = new EventDeliveries({
      ...options,
      onSettled: (key) => this.#deleteWhenDone(key),
    });
    this.#agenda = new Agenda({
      clock: options.clock,
      activity: options.activity,
      what: 'scheduler firing',
      onDue: (key) => this.#fire(key),
    });
  }

  /**
   * Takes schedules up where they stand: passed times of recurring ones are dropped, and counted in one line of the log;
   * a passed `at()` that did not fire is booked for now, and retries go on.
   */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#deliveries.restore();
    const nowMs = this.#options.clock.nowMs();
    let dropped = 0;
    let schedules = 0;
    for (const [key, { modifiedMs }] of this.#options.store.schedules()) {
      // What the template made a moment ago has passed nothing yet.
      const beforeMs = modifiedMs >= this.#madeMs ? nowMs - MAX_LATENESS_MS : nowMs;
      const count = this.#dropPassed(key, beforeMs, Math.max(MAX_COUNTED - dropped, 1));
      dropped += count;
      schedules += count > 0 ? 1 : 0;
      this.plan(key);
      this.#deleteWhenDone(key);
    }
    if (dropped > 0)
      this.#options.log(
        `scheduler: dropped ${dropped >= MAX_COUNTED ? 'at least ' : ''}${dropped} passed firings of ${schedules} schedules.`,
      );
  }

  /** Books a schedule's next firing in place of the one that was booked, after whatever changed it. */
  plan(key: string): void {
    this.#agenda.cancel(key);
    this.#planned.delete(key);
    const schedule = this.#options.store.get(key);
    if (!schedule || !this.#isStarted) return;
    const firing = this.#next(schedule);
    if (!firing) return;
    this.#planned.set(key, firing);
    this.#agenda.book(key, firing.dueMs);
  }

  /** Forgets a schedule that was deleted. */
  forget(key: string): void {
    this.#agenda.cancel(key);
    this.#planned.delete(key);
    if (this.#options.choices.retriesOfDeletedSchedule === 'cancel') this.#deliveries.cancel(key);
  }

  /** Stops firing. */
  close(): void {
    this.#agenda.clear();
    this.#deliveries.close();
  }

  #fire(key: string): void {
    const { store, arns, choices } = this.#options;
    const schedule = store.get(key);
    const firing = this.#planned.get(key);
    if (!schedule || !firing) return;
    const { GroupName, Target } = schedule.definition;
    const isNominal = choices.scheduledTimeInWindow === 'nominal';
    this.#deliveries.start({
      scheduleKey: key,
      scheduleArn: this.#arnOf(schedule),
      groupArn: arns.group(GroupName),
      target: Target,
      scheduledTime: isoSeconds(isNominal ? firing.scheduledMs : firing.dueMs),
    });
    // Written down after the event was sent: a crash in between sends it twice rather than never.
    this.#moveOn(key, schedule, firing);
    this.#deleteWhenDone(key);
  }

  #moveOn(key: string, schedule: KeptSchedule, firing: Firing): void {
    const { store, clock, log } = this.#options;
    const progress = { ...schedule.progress, afterMs: firing.scheduledMs };
    const isLast =
      isOneTime(schedule.definition) || this.#next({ ...schedule, progress }) === undefined;
    store.putProgress(key, { ...progress, phase: isLast ? 'complete' : 'waiting' });
    if (isLast) return;
    const missed = this.#dropPassed(key, clock.nowMs() - MAX_LATENESS_MS, MAX_COUNTED);
    if (missed > 0)
      log(
        `scheduler: dropped ${missed} firings of ${this.#arnOf(schedule)} that were slept through.`,
      );
    this.plan(key);
  }

  #dropPassed(key: string, beforeMs: number, limit: number): number {
    const { store, choices } = this.#options;
    const schedule = store.get(key);
    if (!schedule) return 0;
    const options = { beforeMs, limit, choices };
    const { progress, dropped } = dropPassed(schedule, this.#arnOf(schedule), options);
    if (dropped > 0) store.putProgress(key, progress);
    return dropped;
  }

  /** Deletes a completed schedule that asks for it; a recurring one only where it has an EndDate. */
  #deleteWhenDone(key: string): void {
    const { store, choices } = this.#options;
    const schedule = store.get(key);
    if (schedule?.progress.phase !== 'complete') return;
    const { ActionAfterCompletion, EndDate } = schedule.definition;
    const completes = isOneTime(schedule.definition) || EndDate !== undefined;
    const isUnderWay =
      choices.completedDeletion === 'after-delivery' && this.#deliveries.isWaiting(key);
    if (ActionAfterCompletion !== 'DELETE' || !completes || isUnderWay) return;
    store.delete(key);
    this.forget(key);
  }

  #next(schedule: KeptSchedule): Firing | undefined {
    return nextFiring(schedule, this.#arnOf(schedule), this.#options.choices);
  }

  #arnOf({ definition }: KeptSchedule): string {
    return this.#options.arns.schedule(definition.GroupName, definition.Name);
  }
}

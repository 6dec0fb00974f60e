import type { Clock } from '#local/clock.ts';
import type { ClientTokens } from '#local/services/scheduler/client-tokens.ts';
import type { RoleTrust } from '#local/services/scheduler/role-trust.ts';
import type { ScheduleRunner } from '#local/services/scheduler/schedule-runner.ts';
import type { ScheduleStore } from '#local/services/scheduler/schedule-store.ts';
import type { SchedulerArns } from '#local/services/scheduler/scheduler-arns.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** What the operations of the service work on. */
export interface SchedulerContext {
  readonly clock: Clock;
  readonly arns: SchedulerArns;
  readonly roles: RoleTrust;
  readonly store: ScheduleStore;
  readonly runner: ScheduleRunner;
  readonly tokens: ClientTokens;
  readonly choices: UndocumentedChoices;
}

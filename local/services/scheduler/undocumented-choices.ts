/** How many milliseconds pass between a failed attempt and the next: growing by the factor, up to the greatest. */
export interface RetryBackoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/**
 * Everything about EventBridge Scheduler that AWS neither documents nor lets itself be seen doing, decided.
 *
 * Each can be set the other way, so that a product can be shown to work whichever AWS does.
 */
export interface UndocumentedChoices {
  /**
   * What becomes of a new `at()` whose instant has passed.
   *
   * AWS was recorded accepting it (LocalStack's validated tests, 2025-02); whether it then fires nobody recorded, though many
   * code bases claim a refusal. Firing is the default, for a firing that is lost shows itself too late.
   */
  readonly pastAt: 'fire-once' | 'reject' | 'never-fire';
  /**
   * Whether an update that leaves a passed `at()` as it is fires it: again, or for the first time where it was disabled
   * then. Default `stay-silent`: an update of a description is not a second start, and enabling does not catch up.
   */
  readonly updateOfPassedAt: 'stay-silent' | 'as-past-at';
  /** When an `at()` whose wall-clock time the spring gap removes is due. Default `shift`, as java.time resolves it. */
  readonly atInGap: 'shift' | 'never-fire';
  /** Where a `rate()` without StartDate counts from after an update. Default `from-update`, as an operator saw it. */
  readonly ratePhaseAfterUpdate: 'from-update' | 'from-creation';
  /** When a `rate()` without StartDate fires first. Default `at-once`: "starts invoking the target immediately". */
  readonly firstRateFiring: 'at-once' | 'after-one-interval';
  /**
   * Whether a `rate()` whose StartDate passed within the five minutes that AWS tolerates fires for it. Default
   * `at-once`: the StartDate sets the first occurrence, and a tolerated request should not lose it.
   */
  readonly justPassedStartDate: 'at-once' | 'next-in-phase';
  /** A `cron()` without its year. Default `accept`: the guide calls it optional, and it was measured so. */
  readonly fiveFieldCron: 'accept' | 'reject';
  /** A `cron()` that restricts both day fields. Default `reject`, as measured; else it fires on days that match either, or both. */
  readonly bothDayFields: 'reject' | 'either' | 'both';
  /** Whether names of months and days count in any case. Default `any`: the keywords do, as measured. */
  readonly nameCase: 'any' | 'upper';
  /** A range that ends before it begins, as `FRI-MON`. Default `reject`: nothing says that AWS takes it. */
  readonly reversedRanges: 'reject' | 'wrap';
  /** `LW`, the last weekday of a month. Default `reject`: the guide names `L` and `W`, never the two as one. */
  readonly lastWeekday: 'reject' | 'accept';
  /** A `cron()` without any time from its StartDate on. Default `reject`, as measured; the sentence is not recorded. */
  readonly neverFiringCron: 'reject' | 'accept';
  /** Zones such as `US/Pacific`. Default `accept`: they are in the IANA database; one project reports a refusal. */
  readonly legacyTimeZones: 'accept' | 'reject';
  /** For how many milliseconds a ClientToken is remembered. Default ten minutes, longer than the SDKs retry. */
  readonly clientTokenWindowMs: number;
  /** The order of lists. Default `name`, the order in which pages stay stable under new entries. */
  readonly listOrder: 'name' | 'newest-first';
  /**
   * The waits between attempts. The default doubles from one second to eight minutes: with it the 185 retries that AWS
   * allows by default just fit into the 24 hours that it allows by default.
   */
  readonly retryBackoff: RetryBackoff;
  /** Whether deleting a schedule ends its pending retries. Default `keep`: what was invoked may go on invoking. */
  readonly retriesOfDeletedSchedule: 'keep' | 'cancel';
  /** When `ActionAfterCompletion: DELETE` deletes. Default `after-delivery`: once the last event is delivered or given up. */
  readonly completedDeletion: 'after-delivery' | 'after-first-attempt';
  /** What `<aws.scheduler.scheduled-time>` holds in a flexible window. Default `nominal`: "the time you specified". */
  readonly scheduledTimeInWindow: 'nominal' | 'actual';
  /** What GetSchedule shows of a RetryPolicy with one member. Default `fill`, as it does where the whole is missing. */
  readonly partialRetryPolicy: 'fill' | 'as-given';
  /**
   * The body of a dead letter: the Input after templating, or the whole request as the SDK would name its members.
   * Default `input`.
   */
  readonly deadLetterBody: 'input' | 'request';
  /** How many milliseconds after its scheduled time an event is sent. Default 0; AWS promises less than 60,000. */
  readonly deliveryDelayMs: number;
}

/** The choices where none is given; {@link UndocumentedChoices} tells the reasons. */
export const DEFAULT_CHOICES: UndocumentedChoices = {
  pastAt: 'fire-once',
  updateOfPassedAt: 'stay-silent',
  atInGap: 'shift',
  ratePhaseAfterUpdate: 'from-update',
  firstRateFiring: 'at-once',
  justPassedStartDate: 'at-once',
  fiveFieldCron: 'accept',
  bothDayFields: 'reject',
  nameCase: 'any',
  reversedRanges: 'reject',
  lastWeekday: 'reject',
  neverFiringCron: 'reject',
  legacyTimeZones: 'accept',
  clientTokenWindowMs: 600_000,
  listOrder: 'name',
  retryBackoff: { firstMs: 1_000, factor: 2, maxMs: 480_000 },
  retriesOfDeletedSchedule: 'keep',
  completedDeletion: 'after-delivery',
  scheduledTimeInWindow: 'nominal',
  partialRetryPolicy: 'fill',
  deadLetterBody: 'input',
  deliveryDelayMs: 0,
};

/** What a stack tells others about, as it happens. Rules of subscribers name these types, so they stay as they are. */
export const EVENT_TYPES = [
  'job.settled',
  'result.changed',
  'result.expiring',
  'schedule.paused',
  'budget.exceeded',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** One thing that has happened. It tells of a result, and holds nothing of it, nor of an input. */
export interface AlmanacEvent {
  readonly type: EventType;
  /** The same each time it is told, so that whoever has seen it can drop it. */
  readonly id: string;
  /** The id of the job or schedule that it happened to, or the scope of the budget. */
  readonly subject: string;
  /** When it happened, as ISO 8601. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

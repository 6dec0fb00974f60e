import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** What an errand may be: `backdating` gives the jobs that are there the times of a policy, `backfill` runs fire times that have passed. */
export const ERRAND_KINDS = ['backdating', 'backfill'] as const;

export type ErrandKind = (typeof ERRAND_KINDS)[number];

/** Whether an errand goes on, has come to its end, or was stopped before it. */
export const ERRAND_STATES = ['running', 'completed', 'cancelled'] as const;

export type ErrandState = (typeof ERRAND_STATES)[number];

/**
 * Something that someone has asked for about a schedule, and that takes too long for one invocation: it is done step by step, one message
 * for each, and kept as one item beside its schedule.
 */
export interface Errand {
  readonly scheduleId: string;
  /** A ULID. */
  readonly errandId: string;
  readonly state: ErrandState;
  /** The ARN of whoever asked for it. */
  readonly by: string;
  readonly note?: string;
  readonly createdAt: EpochSeconds;
  readonly endedAt?: EpochSeconds;
  /** Why it was stopped, where nobody asked for that. */
  readonly reason?: string;
  /** How long it waits before its next step. */
  readonly waitSeconds: number;
  /** Goes on by one with each write. */
  readonly version: number;
  /** The mark of the message that wrote it last, by which a repetition of that message knows its own work. */
  readonly writtenBy: string;
}

/**
 * The message that an errand has its next step to do. It may arrive twice, late or out of order: the version, which it is compared
 * with, makes that harmless.
 */
export interface ErrandMessage {
  readonly kind: ErrandKind;
  readonly scheduleId: string;
  readonly errandId: string;
  /** Of the errand as it is to be found. */
  readonly version: number;
  /** Random, so that two messages of one version are told apart. */
  readonly mark: string;
}

/** So long an ended errand can be looked at. */
export const ERRAND_KEPT_SECONDS = 30 * 86_400;

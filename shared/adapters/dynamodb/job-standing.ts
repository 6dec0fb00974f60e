import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { EndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import { JOB_STATES } from '#shared/domain/job/job.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { JobStanding, Waiting } from '#shared/domain/job/settlement.ts';

/**
 * Reads just what decides who holds a row, and how its attempts ended, from DynamoDB's own attribute values, which is how a refused
 * write carries them. Written by hand, since a schema library would add a quarter to what a task has to load.
 *
 * @throws an Error for an item that is no job's.
 */
export function standingOf(item: Attributes): JobStanding {
  const state = JOB_STATES.find((known) => known === text(item, 'state'));
  const attempt = number(item, 'attempt');
  if (state === undefined || attempt === undefined)
    throw new Error(
      'Expected a row of the Jobs table to have a state and an attempt, got neither.',
    );
  const [owner, startedAt] = [text(item, 'owner'), text(item, 'startedAt')];
  const leaseUntil = number(item, 'leaseUntil');
  const outcome = outcomeIn(item);
  const waiting = waitingIn(item);
  const attempts = item['attempts']?.L?.flatMap(({ M }) => attemptIn(M ?? {}));
  return {
    state,
    attempt,
    ...(owner !== undefined && { owner }),
    ...(leaseUntil !== undefined && { leaseUntil }),
    ...(item['cancelRequested'] && { isCancelRequested: true as const }),
    ...(outcome && { outcome }),
    ...(startedAt !== undefined && { startedAt }),
    ...(attempts && { attempts }),
    ...waiting,
  };
}

type Attributes = Readonly<Record<string, AttributeValue>>;

function attemptIn(item: Attributes): readonly EndedAttempt[] {
  const [attempt, outcome] = [number(item, 'attempt'), outcomeIn(item)];
  if (attempt === undefined || outcome === undefined) return [];
  const [startedAt, durationMs] = [text(item, 'startedAt'), number(item, 'durationMs')];
  const error = item['error']?.M;
  return [
    {
      attempt,
      outcome,
      ...(startedAt !== undefined && { startedAt }),
      ...(durationMs !== undefined && { durationMs }),
      ...(error && {
        error: { name: text(error, 'name') ?? '', message: text(error, 'message') ?? '' },
      }),
    },
  ];
}

function waitingIn(item: Attributes): Partial<Waiting> {
  const [waitingFor, lookAgainAt] = [text(item, 'waitingFor'), number(item, 'lookAgainAt')];
  return waitingFor?.startsWith('slot:') && lookAgainAt !== undefined
    ? { waitingFor: `slot:${waitingFor.slice('slot:'.length)}`, lookAgainAt }
    : {};
}

function outcomeIn(item: Attributes) {
  return OUTCOMES.find((known) => known === text(item, 'outcome'));
}

function text(item: Attributes, name: string): string | undefined {
  return item[name]?.S;
}

function number(item: Attributes, name: string): number | undefined {
  const digits = item[name]?.N;
  return digits === undefined ? undefined : Number(digits);
}

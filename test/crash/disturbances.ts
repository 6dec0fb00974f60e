import type { Fault } from '#local/faults.ts';

/** One way in which a call can go wrong. */
export interface Disturbance {
  readonly name: string;
  readonly fault: Pick<Fault, 'when' | 'do' | 'isLasting'>;
  /** Whether the SDK makes it good by trying again: nobody but the request log may then see that anything happened. */
  readonly isRiddenOut: boolean;
}

/**
 * Every way in which a call is made to go wrong, one at a time.
 *
 * A single refusal or lost answer is ridden out by the SDK, which must cost nothing; one that lasts for the rest of the invocation is what
 * the code above the SDK gets to see. A lost answer is the timeout after success: the call has had its effect, and its caller cannot know.
 */
export const DISTURBANCES: readonly Disturbance[] = [
  { name: 'killed before', fault: { when: 'before', do: 'kill' }, isRiddenOut: false },
  { name: 'killed after', fault: { when: 'after', do: 'kill' }, isRiddenOut: false },
  { name: 'throttled once', fault: { when: 'before', do: 'throttle' }, isRiddenOut: true },
  { name: 'failed once', fault: { when: 'before', do: 'error' }, isRiddenOut: true },
  { name: 'answer lost once', fault: { when: 'after', do: 'drop' }, isRiddenOut: true },
  lasting('throttled throughout', { when: 'before', do: 'throttle' }),
  lasting('failed throughout', { when: 'before', do: 'error' }),
  lasting('answers lost throughout', { when: 'after', do: 'drop' }),
];

function lasting(name: string, fault: Pick<Fault, 'when' | 'do'>): Disturbance {
  return { name, fault: { ...fault, isLasting: true }, isRiddenOut: false };
}

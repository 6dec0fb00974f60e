import type { ServiceName } from '#local/services/local-service.ts';

/** A disturbance of calls, for tests: the nth matching call meets it. */
export interface Fault {
  readonly service: ServiceName;
  /** AWS's name of the operation, as `UpdateItem`. */
  readonly operation: string;
  /** The actor that calls, as a function's name; any when absent. */
  readonly caller?: string;
  /** A text in the request's path or body, as a schedule's id, so that jobs side by side each meet their own; any request when absent. */
  readonly about?: string;
  /** Which matching call, counted from 1 since the fault was added. */
  readonly nth: number;
  /** Whether the operation has had its effect by then. */
  readonly when: 'before' | 'after';
  /**
   * `error` answers with the service's 500, `throttle` with its own word for too many requests, `kill` ends the calling Lambda's
   * process, `drop` closes the connection.
   */
  readonly do: 'error' | 'throttle' | 'kill' | 'drop';
  /**
   * Whether the matching calls that the same invocation makes after the nth meet it too, as the SDK's own tries: a single error is made
   * good by the second try, and nobody sees it. Of calls outside a function, only the nth does.
   */
  readonly isLasting?: boolean;
}

/** Who makes which call. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  /** The actor that calls: a function's name, `scheduler` or `operator`. */
  readonly caller: string;
}

/** A call, as a fault looks for it. */
export interface FaultableCall extends Call {
  /** The request id of the invocation that makes it, where a function does. */
  readonly invocation?: string | undefined;
  /** Tells whether the request has a text in its path or body. */
  readonly mentions: (text: string) => boolean;
}

/** A fault that has been added. */
export interface PlacedFault {
  /** Whether a call has met it: a test of what it leads to proves nothing before. */
  readonly isMet: boolean;
}

/** What calls have to meet. */
export interface Faults {
  add(fault: Fault): PlacedFault;
  /** Counts a call, and gives the fault that it meets. */
  meet(call: FaultableCall): Fault | undefined;
}

interface Waiting {
  readonly fault: Fault;
  remaining: number;
  isMet: boolean;
  /** Of a lasting fault that has been met: whose calls meet it from now on. */
  invocation?: string | undefined;
}

/** Makes an empty list of faults. */
export function createFaults(): Faults {
  const waiting = new Set<Waiting>();
  return {
    add: (fault) => {
      const placed: Waiting = { fault: { ...fault }, remaining: fault.nth, isMet: false };
      waiting.add(placed);
      return placed;
    },
    meet: (call) => {
      let met: Fault | undefined;
      for (const placed of waiting) {
        if (!matches(placed.fault, call) || !isTurnOf(placed, call)) continue;
        if (placed.invocation === undefined) waiting.delete(placed);
        met ??= placed.fault;
      }
      return met;
    },
  };
}

function matches({ service, operation, caller, about }: Fault, call: FaultableCall): boolean {
  return (
    service === call.service &&
    operation === call.operation &&
    (caller === undefined || caller === call.caller) &&
    (about === undefined || call.mentions(about))
  );
}

function isTurnOf(placed: Waiting, { invocation }: FaultableCall): boolean {
  if (placed.isMet) return placed.invocation === invocation;
  placed.remaining -= 1;
  if (placed.remaining > 0) return false;
  placed.isMet = true;
  if (placed.fault.isLasting) placed.invocation = invocation;
  return true;
}

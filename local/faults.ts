import type { ServiceName } from '#local/services/local-service.ts';

/** A disturbance of one call, for tests: the nth matching call meets it, once. */
export interface Fault {
  readonly service: ServiceName;
  /** AWS's name of the operation, as `UpdateItem`. */
  readonly operation: string;
  /** The actor that calls, as a function's name; any when absent. */
  readonly caller?: string;
  /** Which matching call, counted from 1 since the fault was added. */
  readonly nth: number;
  /** Whether the operation has had its effect by then. */
  readonly when: 'before' | 'after';
  /** `error` answers with the service's 500, `kill` ends the calling Lambda's process, `drop` closes the connection. */
  readonly do: 'error' | 'kill' | 'drop';
}

/** A call, as a fault looks for it. */
export interface FaultableCall {
  readonly service: ServiceName;
  readonly operation: string;
  /** The actor that calls: a function's name, `scheduler` or `operator`. */
  readonly caller: string;
}

/** What calls have to meet. */
export interface Faults {
  add(fault: Fault): void;
  /** Counts a call, and gives the fault that it meets. */
  meet(call: FaultableCall): Fault | undefined;
}

/** Makes an empty list of faults. */
export function createFaults(): Faults {
  const waiting = new Map<Fault, number>();
  return {
    add: (fault) => void waiting.set({ ...fault }, fault.nth),
    meet: (call) => {
      let met: Fault | undefined;
      for (const [fault, remaining] of waiting) {
        if (!matches(fault, call)) continue;
        waiting.set(fault, remaining - 1);
        if (remaining > 1) continue;
        waiting.delete(fault);
        met ??= fault;
      }
      return met;
    },
  };
}

function matches(fault: Fault, call: FaultableCall): boolean {
  return (
    fault.service === call.service &&
    fault.operation === call.operation &&
    (fault.caller === undefined || fault.caller === call.caller)
  );
}

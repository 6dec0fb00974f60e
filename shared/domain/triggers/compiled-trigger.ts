import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** A trigger made ready to answer quickly; its answers depend on nothing that it was asked before. */
export interface CompiledTrigger {
  /** Finds the first fire time at or after an instant; `undefined` if there is none. */
  next(from: EpochSeconds): EpochSeconds | undefined;
}

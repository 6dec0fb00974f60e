import { NO_COST } from '#shared/domain/read-cost.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import { type LedgerMove, roomFor } from '#shared/domain/usage/ledger-moves.ts';
import type { LedgerReader } from '#shared/ports/ledger-store.ts';

/** Ledgers in memory: all moves of a write go through, or none does. */
export class MemoryLedgers implements LedgerReader {
  readonly byScope = new Map<string, Ledger>();
  /** How often they were read. */
  reads = 0;
  /** Happens after each read, as what another request does meanwhile. */
  afterRead: () => void = () => {};

  read: LedgerReader['read'] = async () => {
    this.reads += 1;
    const ledgers = [...this.byScope.values()];
    this.afterRead();
    return { ledgers, cost: NO_COST };
  };

  /** Puts so many bytes into a ledger, whatever stands there. */
  take(scope: string, storedBytes: number): void {
    this.byScope.set(scope, { scope, storedBytes, microdollars: 0, version: 1 });
  }

  /** @returns `false` where one has no room. */
  move(moves: readonly LedgerMove[]): boolean {
    const isRoom = moves.every((move) => {
      const room = roomFor(move) ?? Number.POSITIVE_INFINITY;
      const measure = move.budget?.measure ?? 'storedBytes';
      return (this.byScope.get(move.scope)?.[measure] ?? 0) <= room;
    });
    if (isRoom) this.count(moves);
    return isRoom;
  }

  /** Moves them whether or not there is room. */
  count(moves: readonly LedgerMove[]): void {
    for (const { scope, by, budget } of moves) {
      const { storedBytes = 0, microdollars = 0, version = 0 } = this.byScope.get(scope) ?? {};
      this.byScope.set(scope, {
        scope,
        storedBytes: storedBytes + by.storedBytes,
        microdollars: microdollars + by.microdollars,
        version: version + 1,
        ...(budget && { budget }),
      });
    }
  }
}

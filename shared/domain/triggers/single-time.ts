import type { WallSeconds } from './civil-date.ts';
import type { WallRule } from './next-instant.ts';

/** Makes the rule that matches one wall-clock time alone. */
export function singleTime(at: WallSeconds): WallRule {
  return { next: (wall) => (wall <= at ? at : undefined) };
}

import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import { errandParts } from './errand-parts.ts';

/** Shows a backdating as the API answers it. */
export function backdatingResource(backdating: Backdating) {
  const { revision, counts } = backdating;
  return { ...errandParts(backdating), revision, counts };
}

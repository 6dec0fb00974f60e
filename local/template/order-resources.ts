/** The order in which to make resources, or the circle that forbids one. */
export type CreationOrder =
  | { readonly kind: 'order'; readonly logicalIds: readonly string[] }
  | { readonly kind: 'circle'; readonly logicalIds: readonly string[] };

/**
 * Orders resources so that each comes after all that it needs, and otherwise as the template has them.
 *
 * @param needs - What each resource refers to or depends on; all of these are keys too.
 * @returns A circle begins and ends with the same resource.
 */
export function orderResources(needs: ReadonlyMap<string, ReadonlySet<string>>): CreationOrder {
  const done = new Set<string>();
  const visit = (logicalId: string, trail: readonly string[]): readonly string[] | undefined => {
    if (done.has(logicalId)) return undefined;
    const start = trail.indexOf(logicalId);
    if (start >= 0) return [...trail.slice(start), logicalId];
    for (const needed of needs.get(logicalId) ?? []) {
      const circle = visit(needed, [...trail, logicalId]);
      if (circle !== undefined) return circle;
    }
    done.add(logicalId);
    return undefined;
  };
  for (const logicalId of needs.keys()) {
    const circle = visit(logicalId, []);
    if (circle !== undefined) return { kind: 'circle', logicalIds: circle };
  }
  return { kind: 'order', logicalIds: [...done] };
}

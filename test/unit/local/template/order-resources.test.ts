import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderResources } from '#local/template/order-resources.ts';

const graph = (needs: Record<string, string[]>) =>
  new Map(Object.entries(needs).map(([id, needed]) => [id, new Set(needed)]));

describe('orderResources', () => {
  it('puts each resource after what it needs, and else keeps the order given', () => {
    expect(orderResources(graph({ a: ['c'], b: [], c: ['d'], d: [] }))).toEqual({
      kind: 'order',
      logicalIds: ['d', 'c', 'a', 'b'],
    });
  });

  it('shows a circle from its first resource back to it, without what leads there', () => {
    expect(orderResources(graph({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] }))).toEqual({
      kind: 'circle',
      logicalIds: ['b', 'c', 'd', 'b'],
    });
  });

  it('orders every graph without a circle', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 30 });

    fc.assert(
      fc.property(edges, (pairs) => {
        const needs = new Map(Array.from({ length: 10 }, (_, id) => [`${id}`, new Set<string>()]));
        const forward = pairs.filter(([one, other]) => one < other);
        for (const [one, other] of forward) needs.get(`${one}`)?.add(`${other}`);

        const { kind, logicalIds } = orderResources(needs);

        expect([kind, [...logicalIds].sort()]).toEqual(['order', [...needs.keys()]]);
        for (const [one, other] of forward)
          expect(logicalIds.indexOf(`${other}`)).toBeLessThan(logicalIds.indexOf(`${one}`));
      }),
    );
  });
});

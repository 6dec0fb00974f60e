import { describe, expect, it } from 'vitest';
import { withoutInert } from '#local/template/without-inert.ts';

describe('withoutInert', () => {
  it('takes out a property, or a member deep in an object', () => {
    expect(withoutInert({ Tags: [], Name: 'n', S: { A: 1, B: 2 } }, ['Tags', 'S.A'])).toEqual({
      Name: 'n',
      S: { B: 2 },
    });
  });

  it('goes into every element of a list, with or without a star', () => {
    const replicas = { Replicas: [{ Region: 'r', X: 1 }, { X: 2 }] };

    for (const path of ['Replicas.X', 'Replicas.*.X'])
      expect(withoutInert(replicas, [path])).toEqual({ Replicas: [{ Region: 'r' }, {}] });
  });

  it('changes nothing where a path leads nowhere', () => {
    const properties = { A: 'text', B: null, C: [1] };

    expect(withoutInert(properties, ['A.x', 'B.x', 'C.x', 'D'])).toEqual(properties);
  });
});

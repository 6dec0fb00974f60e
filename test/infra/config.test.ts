import { describe, expect, it } from 'vitest';
import { readStage } from '#infra/config.ts';

describe('readStage', () => {
  it.each(['dev', 'prod'])('takes %s', (stage) => {
    expect(readStage(stage)).toBe(stage);
  });

  it.each([undefined, 'Prod', 'constructor'])(
    'refuses %s, and says which stages there are',
    (stage) => {
      expect(() => readStage(stage)).toThrow(/Expected the context "stage" to be dev or prod, got/);
    },
  );
});

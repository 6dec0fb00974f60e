import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePointer, writePointer } from '#shared/domain/result/json-pointer.ts';
import { redact } from '#shared/domain/result/redact.ts';
import type { Redaction } from '#shared/domain/result/redaction.ts';

const digest = (canonical: string) => `#${canonical.length}`;
const redacted = (value: unknown, redaction: Redaction) => redact(value, redaction, digest).value;

const ORDER = {
  id: 7,
  customer: { name: 'Ada', email: 'ada@example.com' },
  rows: [
    { sku: 'a', card: '4111' },
    { sku: 'b', card: '4222' },
  ],
};

describe('redact', () => {
  it('leaves out what a pointer leads to, and nothing else', () => {
    expect(redacted(ORDER, { drop: ['/customer/email'] })).toEqual({
      ...ORDER,
      customer: { name: 'Ada' },
    });
  });

  it('replaces by a digest what is to be hashed, whatever it is', () => {
    expect(redacted(ORDER, { hash: ['/customer/email', '/rows/0'] })).toEqual({
      ...ORDER,
      customer: { name: 'Ada', email: '#17' },
      rows: ['#25', { sku: 'b', card: '4222' }],
    });
  });

  it('takes * for every element and every member', () => {
    expect(redacted(ORDER, { drop: ['/rows/*/card'], hash: ['/customer/*'] })).toEqual({
      id: 7,
      customer: { name: '#5', email: '#17' },
      rows: [{ sku: 'a' }, { sku: 'b' }],
    });
  });

  it('follows all pointers in the list as it was, though elements are left out of it', () => {
    expect(redacted([1, 2, 3, 4], { drop: ['/0', '/2'] })).toEqual([2, 4]);
  });

  it('reads ~1 as a slash and ~0 as a tilde in a name', () => {
    expect(redacted({ 'a/b': 1, '~': 2, c: 3 }, { drop: ['/a~1b', '/~0'] })).toEqual({ c: 3 });
  });

  it('lets the pointer count that leaves more out', () => {
    expect(redacted({ a: { b: 1 } }, { drop: ['/a'], hash: ['/a/b'] })).toEqual({});
    expect(redacted({ a: 1 }, { drop: ['/a'], hash: ['/a'] })).toEqual({});
    // The digest is that of {}, so what was dropped cannot be guessed from it.
    expect(redacted({ a: { b: 1 } }, { drop: ['/a/b'], hash: ['/a'] })).toEqual({ a: '#2' });
  });

  it('tells the pointers that led to nothing', () => {
    const { unmatched } = redact(
      ORDER,
      { drop: ['/customer/emial', '/rows/*/sku', '/rows/2/sku'], hash: ['/id/x'] },
      digest,
    );

    expect(unmatched).toEqual(['/customer/emial', '/rows/2/sku', '/id/x']);
  });

  it('does not change what it was given', () => {
    const given = structuredClone(ORDER);

    redact(given, { drop: ['/rows/*'], hash: ['/id'] }, digest);

    expect(given).toEqual(ORDER);
  });

  it('leaves nothing of any value, wherever it is, once a pointer leads to it', () => {
    const anyTree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string({ maxLength: 4 }),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 3 }), tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(anyTree, fc.nat(), fc.boolean(), (tree, pick, isDropped) => {
        const places = placesOf({ tree });
        const steps = places[pick % places.length] ?? [];
        const marked = withSecretAt({ tree }, steps);

        const pointer = writePointer(steps);
        const value = redacted(marked, isDropped ? { drop: [pointer] } : { hash: [pointer] });

        expect(JSON.stringify(marked)).toContain('s3cret');
        expect(JSON.stringify(value)).not.toContain('s3cret');
      }),
    );
  });
});

describe('a JSON pointer', () => {
  it.each(['', 'a', 'a/b', '/~', '/~2', '/a~'])('is not %j', (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (steps) => {
        expect(parsePointer(writePointer(steps))).toEqual(steps);
      }),
    );
  });
});

type Steps = readonly (string | number)[];

function placesOf(value: unknown, steps: Steps = []): readonly Steps[] {
  if (typeof value !== 'object' || value === null) return steps.length > 0 ? [steps] : [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((element, index) => [index, element] as const)
    : Object.entries(value);
  return [
    ...(steps.length > 0 ? [steps] : []),
    ...entries.flatMap(([step, member]) => placesOf(member, [...steps, step])),
  ];
}

function withSecretAt(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined) return { nested: ['s3cret'] };
  if (Array.isArray(value))
    return value.map((element, index) => (index === step ? withSecretAt(element, rest) : element));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, member]) => [
      name,
      name === step ? withSecretAt(member, rest) : member,
    ]),
  );
}

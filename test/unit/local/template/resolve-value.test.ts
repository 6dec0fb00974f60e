import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '#local/template/parse-template.ts';
import { NO_VALUE, ResolveFault, resolveValue } from '#local/template/resolve-value.ts';

/** A table `Table` with the name `t` and an ARN, a list parameter `Zones`, a map, and one condition of each value. */
function resolved(value: Json): { value: unknown; faults: string[] } {
  const faults: string[] = [];
  const references: Record<string, Json | typeof NO_VALUE> = {
    Table: 't',
    Zones: ['a', 'b'],
    'AWS::NoValue': NO_VALUE,
    'AWS::Region': 'us-east-1',
  };
  const result = resolveValue(value, 'Here', {
    report: (fault) => faults.push(fault),
    reference: (name) => {
      const reference = references[name];
      if (reference === undefined) throw new ResolveFault(`Expected a name, got ${name}.`);
      return reference;
    },
    attribute: (logicalId, name) => `<${logicalId}|${name}>`,
    condition: (name) => name === 'Holds',
    mapping: ([name, top, second]) => [name, top, second].join('/'),
  });
  return { value: result, faults };
}

describe('resolveValue', () => {
  it.each<[string, Json, unknown]>([
    ['Ref', { Ref: 'Table' }, 't'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, '<Table|Arn>'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Table.Stream.Arn' }, '<Table|Stream.Arn>'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }, 3]] }, 'a-t-3'],
    ['Fn::Join over a reference to a list', { 'Fn::Join': ['', { Ref: 'Zones' }] }, 'ab'],
    [
      'Fn::Sub',
      { 'Fn::Sub': `\${Table}:\${Table.Arn}:\${AWS::Region}` },
      't:<Table|Arn>:us-east-1',
    ],
    [
      'Fn::Sub with variables, which come before names',
      { 'Fn::Sub': [`\${Table}\${x.y}`, { Table: 'own', 'x.y': { Ref: 'Table' } }] },
      'ownt',
    ],
    ['Fn::Sub with a literal', { 'Fn::Sub': `\${!Table} $Table $` }, `\${Table} $Table $`],
    ['Fn::Select', { 'Fn::Select': [1, { Ref: 'Zones' }] }, 'b'],
    ['Fn::Select by a text', { 'Fn::Select': ['0', ['x', 'y']] }, 'x'],
    ['Fn::Split', { 'Fn::Split': ['/', 'a/b//c'] }, ['a', 'b', '', 'c']],
    [
      'Fn::Select over Fn::Split',
      { 'Fn::Select': [1, { 'Fn::Split': ['|', { 'Fn::GetAtt': 'A.B' }] }] },
      'B>',
    ],
    ['Fn::If that holds', { 'Fn::If': ['Holds', { Ref: 'Table' }, 'no'] }, 't'],
    ['Fn::If that does not', { 'Fn::If': ['Fails', 'yes', { a: { Ref: 'Table' } }] }, { a: 't' }],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'M/us-east-1/k'],
    ['Fn::Base64', { 'Fn::Base64': { Ref: 'Table' } }, 'dA=='],
  ])('resolves %s', (_, value, expected) => {
    expect(resolved(value)).toEqual({ value: expected, faults: [] });
  });

  it('leaves out members and elements that are AWS::NoValue, however deep', () => {
    const noValue = { Ref: 'AWS::NoValue' };

    expect(
      resolved({ a: noValue, b: [noValue, 1, { c: { 'Fn::If': ['Fails', 2, noValue] } }] }),
    ).toEqual({ value: { b: [1, {}] }, faults: [] });
  });

  it('looks only at the branch that a condition takes', () => {
    expect(resolved({ 'Fn::If': ['Holds', 'yes', { Ref: 'Nothing' }] }).faults).toEqual([]);
  });

  it.each<[string, Json, string]>([
    [
      'an unknown function',
      { a: [{ 'Fn::GetAZs': '' }] },
      'Here.a[0].Fn::GetAZs: Expected a function',
    ],
    ['an unknown name', { a: { Ref: 'Nothing' } }, 'Here.a.Ref: Expected a name, got Nothing.'],
    ['an unknown name in a text', { 'Fn::Sub': `\${Nothing}` }, 'Here.Fn::Sub: Expected a name'],
    ['a function beside something else', { Ref: 'Table', b: 1 }, 'Here.Ref: Expected Ref to stand'],
    [
      'a join of an object',
      { 'Fn::Join': ['', [{ a: 1 }]] },
      'Here.Fn::Join: Expected texts to join',
    ],
    [
      'a join without a list',
      { 'Fn::Join': ['', 'a'] },
      'Here.Fn::Join: Expected a list, got "a".',
    ],
    [
      'an index outside the list',
      { 'Fn::Select': [2, ['a', 'b']] },
      'Here.Fn::Select: Expected an index',
    ],
    ['an If of two parts', { 'Fn::If': ['Holds', 1] }, 'Here.Fn::If: Expected three parts'],
  ])('names %s and where it stands', (_, value, sentence) => {
    const { faults } = resolved(value);

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(sentence);
  });

  it('reports every fault of an object together', () => {
    const { faults } = resolved({ a: { Ref: 'X' }, b: [{ Ref: 'Y' }], c: { 'Fn::Nope': 1 } });

    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'Here.a.Ref',
      'Here.b[0].Ref',
      'Here.c.Fn',
    ]);
  });

  it('leaves what has no function as it is', () => {
    const plain = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value')),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value')),
      ),
    })).value;

    fc.assert(
      fc.property(plain, (value) => {
        expect(resolved(value)).toEqual({ value, faults: [] });
      }),
    );
  });

  it('takes apart with Fn::Split what Fn::Join put together', () => {
    const parts = fc.array(fc.stringMatching(/^[a-z]*$/), { minLength: 1 });

    fc.assert(
      fc.property(parts, (list) => {
        expect(resolved({ 'Fn::Split': ['/', { 'Fn::Join': ['/', list] }] }).value).toEqual(list);
      }),
    );
  });
});

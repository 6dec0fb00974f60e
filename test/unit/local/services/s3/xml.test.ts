import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml, renderXml } from '#local/services/s3/xml.ts';

describe('parseXml', () => {
  it('reads back any text that was written', () => {
    const anyText = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const document = renderXml('Root', { Item: [{ Key: one }, { Key: other }] }, 'urn:x');

        expect(parseXml(document)).toEqual({
          Root: [{ Item: [{ Key: [one] }, { Key: [other] }] }],
        });
      }),
    );
  });

  it('takes namespaces, comments, empty elements, white space and numeric entities', () => {
    const document = `<?xml version="1.0"?><!-- one --><A xmlns="urn:a">
      <B/> <C x="1">&#65;&#x42;&apos;</C></A>`;

    expect(parseXml(document)).toEqual({ A: [{ B: [''], C: ["AB'"] }] });
  });

  it.each([
    '',
    'text',
    '<A>',
    '</A>',
    '<A></B>',
    '<A/><B/>',
    '<A>&unknown;</A>',
    '<A>&#x110000;</A>',
    '<!DOCTYPE a [<!ENTITY b "c">]><A>&b;</A>',
    '<A><B></A></B>',
  ])('refuses %j', (document) => {
    expect(() => parseXml(document)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });
});

import { describe, expect, it } from 'vitest';
import { attributesMd5, bodyMd5, contentBytes } from '#local/services/sqs/message.ts';

describe('digests', () => {
  it('of a body are those of its bytes in UTF-8', () => {
    expect(bodyMd5('This is a test message')).toBe('fafb00f5732ab283681e124bf8747ed1');
  });

  it('of attributes cover name, type, kind and value, each with its length, by name', () => {
    const attributes = {
      b: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2]).toString('base64') },
      a: { DataType: 'String', StringValue: 'ä' },
    };

    // MD5 of 00000001 61 00000006 537472696e67 01 00000002 c3a4 and 00000001 62 00000006 42696e617279 02 00000002 0102.
    expect(attributesMd5(attributes)).toBe('c48767a50e7b5bc4c6175e6523ba4a08');
  });
});

describe('contentBytes', () => {
  it('counts the body, and the attributes with their names and types', () => {
    const attributes = {
      ab: { DataType: 'String', StringValue: 'ä' },
      c: { DataType: 'Binary', BinaryValue: Buffer.alloc(5).toString('base64') },
    };

    expect(contentBytes({ body: 'öö', attributes })).toBe(4 + (2 + 6 + 2) + (1 + 6 + 5));
  });
});

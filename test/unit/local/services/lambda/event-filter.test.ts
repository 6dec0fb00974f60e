import { describe, expect, it } from 'vitest';
import { eventFilter } from '#local/services/lambda/event-filter.ts';

const RECORD = {
  eventName: 'MODIFY',
  userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
  dynamodb: {
    NewImage: {
      state: { M: { sync: { M: { state: { S: 'pending' } } } } },
      tags: { SS: ['a', 'b'] },
    },
    SizeBytes: 42,
  },
  nothing: null,
  flag: true,
};

describe('eventFilter', () => {
  it.each([
    ['an exact value', { eventName: ['MODIFY'] }],
    ['one of several values', { eventName: ['INSERT', 'MODIFY'] }],
    [
      'a nested value',
      { dynamodb: { NewImage: { state: { M: { sync: { M: { state: { S: ['pending'] } } } } } } } },
    ],
    [
      'the identity of a deletion by TTL',
      { userIdentity: { type: ['Service'], principalId: ['dynamodb.amazonaws.com'] } },
    ],
    ['null and booleans', { nothing: [null], flag: [true] }],
    ['an element of a list', { dynamodb: { NewImage: { tags: { SS: ['b'] } } } }],
    ['a prefix', { eventName: [{ prefix: 'MOD' }] }],
    ['a suffix', { eventName: [{ suffix: 'IFY' }] }],
    ['what exists', { eventName: [{ exists: true }] }],
    ['what does not exist', { dynamodb: { OldImage: { id: { S: [{ exists: false }] } } } }],
    ['anything but a value', { eventName: [{ 'anything-but': 'REMOVE' }] }],
    ['anything but several', { eventName: [{ 'anything-but': ['REMOVE', 'INSERT'] }] }],
    ['anything but a prefix', { eventName: [{ 'anything-but': { prefix: 'REM' } }] }],
    ['an equal number', { dynamodb: { SizeBytes: [{ numeric: ['=', 42] }] } }],
    ['a number in a range', { dynamodb: { SizeBytes: [{ numeric: ['>', 41, '<=', 42] }] } }],
    ['an operator or a value', { eventName: [{ prefix: 'X' }, 'MODIFY'] }],
  ])('passes %s', (_, pattern) => {
    expect(eventFilter([JSON.stringify(pattern)])(RECORD)).toBe(true);
  });

  it.each([
    ['another value', { eventName: ['INSERT'] }],
    ['one of two paths that does not hold', { eventName: ['MODIFY'], flag: [false] }],
    ['a string for a number', { dynamodb: { SizeBytes: ['42'] } }],
    ['what is missing, for its value', { dynamodb: { OldImage: { id: { S: ['x'] } } } }],
    ['what is missing, for anything but', { other: [{ 'anything-but': 'x' }] }],
    ['an object as a leaf that exists', { dynamodb: [{ exists: true }] }],
    ['anything but a prefix it has', { eventName: [{ 'anything-but': { prefix: 'MOD' } }] }],
    ['anything but several with it', { eventName: [{ 'anything-but': ['MODIFY', 'INSERT'] }] }],
    ['a number outside a range', { dynamodb: { SizeBytes: [{ numeric: ['>=', 43] }] } }],
    ['a number at the open end', { dynamodb: { SizeBytes: [{ numeric: ['>', 0, '<', 42] }] } }],
    ['an inherited member', { toString: [{ exists: true }] }],
  ])('holds back %s', (_, pattern) => {
    expect(eventFilter([JSON.stringify(pattern)])(RECORD)).toBe(false);
  });

  it('passes what one of several patterns holds for, and everything without a pattern', () => {
    const patterns = ['{"eventName":["INSERT"]}', '{"eventName":["MODIFY"]}'];

    expect(eventFilter(patterns)(RECORD)).toBe(true);
    expect(eventFilter([])(RECORD)).toBe(true);
  });

  it.each([
    '{"a":[{"cidr":"10.0.0.0/8"}]}',
    '{"a":[{"prefix":"x","suffix":"y"}]}',
    '{"a":[{"numeric":["~",1]}]}',
    '{"a":[]}',
    '{"a":"x"}',
    '{"$or":[{"a":["x"]}]}',
    '{}',
    '[]',
    'no json',
  ])('refuses the pattern %s', (pattern) => {
    expect(() => eventFilter([pattern])).toThrow(/Expected a filter pattern/);
  });
});

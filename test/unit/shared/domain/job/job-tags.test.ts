import { describe, expect, it } from 'vitest';
import {
  LARGEST_TAGS_BYTES,
  tagFragment,
  tagsIn,
  tagsOf,
  tagText,
} from '#shared/domain/job/job-tags.ts';
import { itemBytes } from '#shared/domain/result/item-bytes.ts';

describe('tagsOf', () => {
  it('picks texts, numbers and booleans, each with its name', () => {
    const metadata = {
      team: 'sales',
      floor: 3,
      urgent: true,
      owners: ['ada'],
      more: { a: 1 },
      not: null,
    };

    expect(tagsOf(metadata)).toEqual(['team:sales', 'floor:3', 'urgent:true']);
  });

  it('leaves out a value or a name that spans lines, which could be taken for two tags', () => {
    expect(tagsOf({ note: 'a\nteam:sales\nb', 'x\ny': 1, team: 'it' })).toEqual(['team:it']);
  });

  it('takes the first that fit into their bytes, counted in UTF-8', () => {
    const [first, second] = ['ä'.repeat(50), 'b'.repeat(84)];

    const tags = tagsOf({ a: first, b: second, c: 'x' });

    expect(tags).toEqual([`a:${first}`, `b:${second}`]);
    expect(itemBytes({ '': tagText(tags) })).toBeLessThanOrEqual(LARGEST_TAGS_BYTES);
    expect(tagsOf({ a: first, b: `${second}${'b'.repeat(10)}`, c: 'x' })).toEqual([`a:${first}`]);
  });
});

describe('tagText', () => {
  it('is read back, and holds each tag whole', () => {
    const text = tagText(['team:sales', 'team:sales-eu']) ?? '';

    expect(tagsIn(text)).toEqual(['team:sales', 'team:sales-eu']);
    expect(text).toContain(tagFragment('team:sales-eu'));
    expect(text).not.toContain(tagFragment('team:sale'));
    expect(text).not.toContain(tagFragment('eam:sales'));
  });

  it('is nothing where there are none', () => {
    expect(tagText([])).toBeUndefined();
  });
});

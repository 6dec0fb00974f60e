import { describe, expect, it } from 'vitest';
import { physicalName } from '#local/template/physical-name.ts';

describe('physicalName', () => {
  it('names stack and resource, and is the same each time', () => {
    const resource = { stackName: 'Almanac-dev', logicalId: 'Jobs1A2B' };

    expect(physicalName(resource, 80)).toMatch(/^Almanac-dev-Jobs1A2B-[0-9A-F]{12}$/);
    expect(physicalName(resource, 80)).toBe(physicalName(resource, 80));
  });

  it('keeps to the limit, and tells apart what the limit makes alike', () => {
    const name = (end: string) =>
      physicalName({ stackName: 'S'.repeat(100), logicalId: 'L'.repeat(100) + end }, 64);

    expect(name('1')).toHaveLength(64);
    expect(name('1')).not.toBe(name('2'));
  });
});

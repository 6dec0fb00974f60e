import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBundle } from '#infra/bundle.ts';

const ENTRY = 'test/infra/fixtures/failing-handler.ts';

describe('writeBundle', () => {
  let root: string;
  const one = () => join(root, 'one');
  const other = () => join(root, 'elsewhere', 'deeper', 'other');

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'almanac-bundle-'));
    writeBundle(one(), ENTRY, { 'tasks.json': '{"tasks":[]}' });
    writeBundle(other(), ENTRY, { 'tasks.json': '{"tasks":[]}' });
  });

  afterAll(() => rmSync(root, { recursive: true }));

  it('writes the same bytes into any folder', () => {
    expect(readdirSync(one())).toEqual(readdirSync(other()));
    for (const file of readdirSync(one()))
      expect(readFileSync(join(one(), file)).equals(readFileSync(join(other(), file)))).toBe(true);
  });

  it('puts further files beside the code', () => {
    expect(readFileSync(join(one(), 'tasks.json'), 'utf8')).toBe('{"tasks":[]}');
  });

  it('leaves what is imported on occasion out of the file that is always read', () => {
    const main = readFileSync(join(one(), 'main.mjs'), 'utf8');

    expect(main).toMatch(/import\("\.\/[^"]+\.mjs"\)/);
    expect(main.length).toBeLessThan(200_000);
  });

  it('loads as a module, the SDK included, and names the line of the source that threw', () => {
    const script = `
      const { handler } = await import(process.argv[1]);
      await handler().catch((error) => console.log(error.stack));
    `;
    const stack = execFileSync(
      process.execPath,
      ['--input-type=module', '--eval', script, join(one(), 'index.mjs')],
      { encoding: 'utf8' },
    );

    expect(stack).toMatch(/^Error: true true\n/);
    expect(stack).toContain('failing-handler.ts:6:');
  });

  it('refuses an entry that does not exist, by name', () => {
    expect(() => writeBundle(one(), 'functions/nowhere/handler.ts', {})).toThrow(
      /functions\/nowhere\/handler\.ts/,
    );
  });
});

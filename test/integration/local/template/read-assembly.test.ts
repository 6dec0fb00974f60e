import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readAssembly } from '#local/template/read-assembly.ts';

describe('readAssembly', () => {
  let directory: string;
  let outdir: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'assembly-'));
    outdir = join(directory, 'cdk.out');
    writeFileSync(join(directory, 'index.mjs'), 'export const handler = () => 1;');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function synth(...stacks: readonly { id: string; stackName?: string }[]): void {
    const app = new App({ outdir });
    for (const { id, ...props } of stacks) {
      const stack = new Stack(app, id, props);
      new LambdaFunction(stack, 'Fn', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromAsset(directory, { exclude: ['cdk.out'] }),
      });
    }
    app.synth();
  }

  it("reads what CDK wrote: the stack's name, its template, and the folder behind a key", () => {
    synth({ id: 'Almanac-dev', stackName: 'Named' });

    const { stackName, template, assetPath } = readAssembly(outdir);

    expect(stackName).toBe('Named');
    const [fn] = Object.values(template.Resources).filter(({ Type }) =>
      Type.endsWith('::Function'),
    );
    const { Code: code } = z
      .object({ Code: z.object({ S3Key: z.string() }) })
      .parse(fn?.Properties);
    expect(assetPath(code.S3Key)).toBe(join(outdir, `asset.${code.S3Key.replace('.zip', '')}`));
    expect(() => assetPath('other.zip')).toThrow('Expected an asset');
  });

  it('refuses an assembly of two stacks, and names them', () => {
    rmSync(outdir, { recursive: true, force: true });
    synth({ id: 'One' }, { id: 'Two' });

    expect(() => readAssembly(outdir)).toThrow('got 2: One, Two');
  });
});

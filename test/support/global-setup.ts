import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { synthesize } from '#local/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the stack's cloud assembly, synthesized once for all tests. */
    assembly: string;
    /** The same of the stack whose tasks end as tests want them to. */
    probes: string;
  }
}

const folders: string[] = [];

/** Synthesizes both stacks once, side by side. */
export async function setup(project: TestProject): Promise<void> {
  const [assembly, probes] = await Promise.all([synthesize(), synthesizeProbes()]);
  folders.push(assembly, probes);
  project.provide('assembly', assembly);
  project.provide('probes', probes);
}

/** Removes what `setup` made. */
export async function teardown(): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

async function synthesizeProbes(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'almanac-probes-'));
  await promisify(execFile)(process.execPath, ['test/e2e/fixtures/probes-app.ts'], {
    env: { ...process.env, CDK_OUTDIR: folder, CDK_VALIDATION: 'false' },
  });
  return folder;
}

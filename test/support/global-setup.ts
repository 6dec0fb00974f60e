import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { synthesize } from '#local/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the stack's cloud assembly, synthesized once for all tests. */
    assembly: string;
  }
}

let assembly: string | undefined;

/** Synthesizes the stack once. */
export async function setup(project: TestProject): Promise<void> {
  assembly = await synthesize();
  project.provide('assembly', assembly);
}

/** Removes what `setup` made. */
export async function teardown(): Promise<void> {
  if (assembly !== undefined) await rm(assembly, { recursive: true, force: true });
}

import { defineConfig } from 'vitest/config';

/** Tests of everything below the whole; they start no cloud and need no synthesized stack. */
const parts = ['unit', 'infra', 'integration', 'conformance'].map((kind) => ({
  test: { name: kind, include: [`test/${kind}/**/*.test.ts`] },
}));

export default defineConfig({
  test: {
    pool: 'forks',
    // A process for each file would take twice the time; no test may leave anything behind that another could meet.
    isolate: false,
    // By default one core is left idle, for an editor; here nobody edits meanwhile.
    maxWorkers: '100%',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      ...parts.map((project) => ({ extends: true as const, ...project })),
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});

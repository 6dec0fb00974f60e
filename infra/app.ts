import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { AlmanacStack } from '#infra/almanac-stack.ts';
import { readStage } from '#infra/config.ts';
import { TASKS } from '#infra/tasks.ts';

const ROOT = dirname(import.meta.dirname);

/** The CDK CLI hands the app the context of `cdk.json`; run by itself, as the local cloud does, the app has to read it. */
const { context } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')));

const app = new App({
  outdir: process.env['CDK_OUTDIR'] ?? join(ROOT, 'cdk.out'),
  // The CLI's own defaults besides, so that it deploys the very bytes that run locally.
  context: {
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    ...context,
  },
  autoSynth: false,
});
new AlmanacStack(app, { stage: readStage(app.node.getContext('stage')), tasks: TASKS });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();

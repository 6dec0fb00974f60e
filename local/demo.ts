import { rm } from 'node:fs/promises';
import { startLocalCloud } from '#local/cloud.ts';
import { createNarrator } from '#local/demo/narrator.ts';
import { showExpiry } from '#local/demo/show-expiry.ts';
import { showFirings } from '#local/demo/show-firings.ts';
import { showLifecycle } from '#local/demo/show-lifecycle.ts';
import { openStage } from '#local/demo/stage.ts';
import { synthesize } from '#local/synthesize.ts';

/** Half a minute before the demo's first firing. */
const BEGINNING = '2026-03-02T08:59:30Z';

process.exitCode = await demo();

/**
 * Shows the main job on a stopped clock: firings, stored results, their end.
 *
 * @returns 0 when everything happened as it is told, else 1.
 */
async function demo(): Promise<number> {
  const narrator = createNarrator((line) => console.log(line));
  narrator.say('Synthesizing the stack, and starting it in memory with the clock standing still…');
  const assembly = await synthesize();
  try {
    await using cloud = await startLocalCloud({
      assembly,
      clock: BEGINNING,
      log: (line) => console.log(line),
    });
    const stage = openStage(cloud, narrator);
    await showFirings(stage);
    await showExpiry(stage);
    await showLifecycle(stage);
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
  return narrator.end();
}

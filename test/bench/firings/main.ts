import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { synthesize } from '#local/synthesize.ts';
import { measureFirings } from './measure-firings.ts';

const FIRINGS = 10_000;
const SHORT_FIRINGS = 1_000;

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });

const assembly = await synthesize();
try {
  const figures = await measureFirings(assembly, values.short ? SHORT_FIRINGS : FIRINGS);
  const { firings, settled, unsettled, ranTwice, counted, seconds, restMb, peakMb } = figures;
  console.log(`${firings} firings due at one second of the stopped clock:

  settled well, at the first attempt  ${settled}
  not so                              ${unsettled}
  run more than once                  ${ranTwice}
  counted in their sums               ${counted}
  until all was done                  ${seconds.toFixed(1)} s, ${(firings / seconds).toFixed(0)} jobs a second
  the host process                    ${restMb.toFixed(0)} MB before, ${peakMb.toFixed(0)} MB at the most`);
  process.exitCode = unsettled + ranTwice + (firings - counted) === 0 ? 0 : 1;
} finally {
  await rm(assembly, { recursive: true });
}

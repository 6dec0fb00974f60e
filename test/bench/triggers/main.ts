import { CONTENDERS } from '#test/bench/triggers/contender.ts';
import { measureCorrectness } from '#test/bench/triggers/measure-correctness.ts';
import { measureSpeed } from '#test/bench/triggers/measure-speed.ts';

/** How many times as fast as cron-parser the engine promises to be, on each workload. */
const PROMISED_RATIO = 5;

console.log(
  'Right on the cases of aws-cron.json (AWS’s own expressions; zones and clock changes among them):\n',
);
for (const { name, right, of } of measureCorrectness(CONTENDERS))
  console.log(`  ${name.padEnd(16)} ${String(right).padStart(3)} of ${of}`);

console.log(
  '\nNext fire times a second, medians of interleaved rounds; × as fast as cron-parser:\n',
);
const figures = measureSpeed(CONTENDERS);
for (const { workload, timeZone, speeds } of figures) {
  console.log(`  ${workload}, ${timeZone}`);
  const base = speeds.get('cron-parser') ?? Number.NaN;
  for (const [name, perSecond] of speeds)
    console.log(
      `    ${name.padEnd(16)} ${Math.round(perSecond).toLocaleString('en').padStart(12)}  × ${(perSecond / base).toPrecision(3)}`,
    );
}

const least = Math.min(
  ...figures.map(({ speeds }) => (speeds.get('almanac') ?? 0) / (speeds.get('cron-parser') ?? 1)),
);
console.log(
  `\nThe engine is at least ${least.toPrecision(3)} times as fast as cron-parser (promised: ${PROMISED_RATIO}).`,
);

import { measureLists } from '#test/bench/lists/measure-lists.ts';

/** As many jobs as are stored for each table, unless the command line says otherwise: `npm run bench:lists -- 1000000`. */
const STORED = [1_000, 100_000];

const asked = process.argv.slice(2).map(Number);
console.log(`What a page of 25 costs, by how many jobs are stored; all of one day, a tenth of them failures.
`);
for (const stored of asked.length > 0 ? asked : STORED) {
  console.log(`  ${stored.toLocaleString('en')} jobs stored\n`);
  for (const { what, jobs, cost } of await measureLists(stored))
    console.log(
      `    ${what.padEnd(50)}${String(jobs).padStart(3)} jobs${String(cost.requests).padStart(4)} requests${String(cost.itemsRead).padStart(7)} items${cost.readUnits.toFixed(1).padStart(8)} units`,
    );
  console.log();
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MATRIX } from './test/reliability/matrix.ts';
import { reliabilityPage, type Tried } from './test/reliability/page.ts';

/** Tries every fault and writes down what came of it; the test of the same faults holds the page fresh. */
const tried: Tried[] = [];
for (const cell of MATRIX) {
  tried.push({ cell, outcome: await cell.run() });
  console.error(`${cell.area}: ${cell.name}`);
}
await writeFile(join(import.meta.dirname, 'docs/reliability.md'), reliabilityPage(tried));

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployedAlerts } from './simulator/index.ts';
import { alertsPage, mutationSection } from './test/infra/alerts/document.ts';
import { type Judged, judgeMutants } from './test/infra/alerts/mutation.ts';

/** The least share of mutants that the stories must notice. */
const LEAST = 0.9;
const PAGE = join(import.meta.dirname, 'docs', 'alerts.md');

async function main(check: boolean): Promise<void> {
  const { rules } = deployedAlerts();
  const judged: Judged[] = [];
  for await (const one of judgeMutants()) {
    judged.push(one);
    if (!one.noticed) console.error(`survived: ${one.rule}: ${one.of}: ${one.from} → ${one.to}`);
  }
  const noticed = judged.filter((one) => one.noticed).length;
  console.error(`${noticed} of ${judged.length} mutants were noticed`);
  const page = alertsPage(rules, mutationSection(judged, rules));
  if (check && page !== (await readFile(PAGE, 'utf8'))) throw new Error('docs/alerts.md is old: run npm run mutate');
  if (!check) await writeFile(PAGE, page);
  const unexplained = judged.filter((one) => !one.noticed && one.reason === undefined);
  if (unexplained.length > 0)
    throw new Error(`${unexplained.length} survivors have no reason in test/infra/alerts/survivors.ts`);
  if (noticed < LEAST * judged.length) throw new Error(`the stories must notice ${LEAST * 100} % of the mutants`);
}

try {
  await main(process.argv.includes('--check'));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

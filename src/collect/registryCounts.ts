import type { Azure } from '../azure.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { resourceGraphRows } from './resourceGraph.ts';

const QUERY = [
  'resources',
  "| where type =~ 'microsoft.containerregistry/registries'",
  '| summarize registries = count() by subscriptionId',
  '| project id = subscriptionId, registries',
  '| order by id asc',
].join('\n');

/**
 * About how many registries each subscription has, by id in lower case: one query for all of them. It leaves out what the
 * caller may not read, and may come back empty; nothing but the size of the messages may follow from it.
 */
export async function countRegistries(azure: Azure, subscriptions: string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  // A hint: without it the sweep goes on as before, so there is nothing to report.
  const unreported: Gap[] = [];
  await attempt(unreported, 'registries', '/', async () => {
    for await (const { id, registries } of resourceGraphRows(azure, QUERY, subscriptions)) {
      if (typeof id === 'string' && typeof registries === 'number') counts.set(id.toLowerCase(), registries);
    }
  });
  return counts;
}

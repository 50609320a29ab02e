import { expect, test } from 'vitest';
import { CLOUDS } from '../src/azure.ts';
import { readRegistries } from '../src/collect/registries.ts';
import { readRoleAssignments } from '../src/collect/roles.ts';
import { readSubscriptions } from '../src/collect/subscriptions.ts';
import type { Gap } from '../src/model/gap.ts';
import { ingestion } from '../src/publish/ingestion.ts';
import { estateOf, simulated, wireRegistry } from './wire.ts';

const CASES = [
  [CLOUDS.AzureCloud, 'https://x.westeurope-1.ingest.monitor.azure.com'],
  [CLOUDS.AzureUSGovernment, 'https://x.usgovvirginia-1.ingest.monitor.azure.us'],
  [CLOUDS.AzureChinaCloud, 'https://x.chinaeast2-1.ingest.monitor.azure.cn'],
] as const;

test.each(CASES.map(([cloud, endpoint]) => ({ cloud, endpoint, name: cloud.name })))(
  '$name: every client speaks to the hosts of that cloud, with tokens for them',
  async ({ cloud, endpoint }) => {
    const { simulator, azure } = simulated(estateOf([wireRegistry('shop')]), { connection: { cloud } });
    const gaps: Gap[] = [];
    const [subscription] = await readSubscriptions(azure, gaps);
    const id = subscription?.subscriptionId ?? '';
    const registries = await readRegistries(azure, id, gaps);
    await readRoleAssignments(azure, id, gaps);
    expect({ names: registries.map(({ name }) => name), gaps }).toEqual({ names: ['shop'], gaps: [] });
    // The rule is not the simulator's, so it is not found there; the token is what matters.
    expect(await ingestion(azure, { endpoint, ruleId: 'dcr-1' })({ table: 'T', rows: [{}] })).toEqual({
      reason: expect.stringContaining("Data collection rule with immutable Id 'dcr-1' not found"),
      final: false,
    });
    const hosts = [...new Set(simulator.requests.map(({ host, status }) => `${status} ${host}`))];
    const [arm, logs] = [new URL(cloud.arm).host, new URL(endpoint).host];
    expect(hosts).toEqual([`200 ${arm}`, `404 ${logs}`]);
    expect(azure.traffic).toEqual({ requests: simulator.requests.length, throttled: 0 });
  },
);

import { SIMULATED_DCR, type Simulator } from '../simulator/index.ts';

/**
 * Lets a simulator load what it loads when first asked, its query language and its streams: Azure does not begin cold.
 * Throws when it refuses, as it does where it has no such subscription.
 */
export async function warm({ handle, credential }: Simulator, subscriptionId: string): Promise<void> {
  const ask = async (url: string, scope: string, body: unknown): Promise<void> => {
    const token = await credential.getToken(scope);
    const headers = { authorization: `Bearer ${token?.token}`, 'content-type': 'application/json' };
    const answer = await handle(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
    if (!answer.ok) throw new Error(`the simulator refused ${url}: ${await answer.text()}`);
  };
  await ask(
    'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    'https://management.azure.com/.default',
    { subscriptions: [subscriptionId], query: 'resources | take 1' },
  );
  const stream = `${SIMULATED_DCR.endpoint}/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-AcrWardenFindings_CL`;
  await ask(`${stream}?api-version=2023-01-01`, 'https://monitor.azure.com/.default', []);
}

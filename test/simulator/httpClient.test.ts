import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { createHttpHeaders, createPipelineRequest, type PipelineRequestOptions } from '@azure/core-rest-pipeline';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { describe, expect, test } from 'vitest';
import { type FaultRule, SIMULATED_DCR } from '../../simulator/index.ts';
import { REGISTRY, SUB, simulatorOf } from './ask.ts';

const registry = { id: REGISTRY, name: 'shop', sku: { name: 'Basic' }, properties: { loginServer: 'shop.azurecr.io' } };
const NO_WAIT = { retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 } };

async function names(faults: FaultRule[], pageSize = 100) {
  const resources = ['a', 'b', 'c'].map((name) => ({ ...registry, id: REGISTRY.replace('/shop', `/${name}`), name }));
  const simulator = simulatorOf({ resources }, { faults, pageSize });
  const client = new ContainerRegistryManagementClient(simulator.credential, SUB, {
    httpClient: simulator.httpClient,
    ...NO_WAIT,
  });
  const found: (string | undefined)[] = [];
  for await (const one of client.registries.list()) found.push(one.name);
  return { found, requests: simulator.requests.length };
}

describe('the real clients', () => {
  test('page through it', async () => {
    expect(await names([], 2)).toEqual({ found: ['a', 'b', 'c'], requests: 2 });
  });

  test('retry a cut connection and a 503', async () => {
    const reset: FaultRule = { match: { times: 1 }, effect: { kind: 'reset' } };
    const busy: FaultRule = { match: { times: 1, nth: 2 }, effect: { kind: 'status', status: 503, retryAfter: '0' } };
    expect(await names([reset, busy])).toEqual({ found: ['a', 'b', 'c'], requests: 3 });
  });

  test('see errors as they see them in Azure', async () => {
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/read' }];
    const simulator = simulatorOf({ resources: [registry], denied });
    const client = new ContainerRegistryManagementClient(simulator.credential, SUB, {
      httpClient: simulator.httpClient,
    });
    await expect(client.registries.get('rg-shop', 'shop')).rejects.toMatchObject({
      name: 'RestError',
      statusCode: 403,
      code: 'AuthorizationFailed',
    });
  });

  test('upload gzipped rows', async () => {
    const columns = [{ name: 'Name', type: 'string' }];
    const rule = {
      type: 'Microsoft.Insights/dataCollectionRules',
      properties: { streamDeclarations: { 'Custom-T_CL': { columns } } },
    };
    const simulator = simulatorOf({}, { template: { resources: [rule] } });
    const client = new LogsIngestionClient(SIMULATED_DCR.endpoint, simulator.credential, {
      httpClient: simulator.httpClient,
    });
    await client.upload(SIMULATED_DCR.ruleId, 'Custom-T_CL', [{ Name: 'ä' }]);
    expect(simulator.workspace.tables).toEqual({ T_CL: [{ Name: 'ä', TimeGenerated: '2026-11-24T06:00:00.000Z' }] });
  });
});

describe('one request', () => {
  const echo = async (options: Partial<PipelineRequestOptions>, hang = false) => {
    const simulator = simulatorOf({}, hang ? { faults: [{ match: {}, effect: { kind: 'hang' } }] } : {});
    const url = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
    return simulator.httpClient.sendRequest(createPipelineRequest({ url, ...options }));
  };

  test('is aborted by its signal, before and during, and by its timeout', async () => {
    const controller = new AbortController();
    const during = echo({ abortSignal: controller.signal }, true);
    controller.abort();
    await expect(during).rejects.toMatchObject({ name: 'AbortError' });
    await expect(echo({ abortSignal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    await expect(echo({ timeout: 1 }, true)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each<[string, PipelineRequestOptions['body']]>([
    ['text', '[]'],
    ['bytes', Buffer.from('[]')],
    ['an ArrayBuffer', new TextEncoder().encode('[]').buffer],
    ['a Blob', new Blob(['[]'])],
    ['a stream', () => new Blob(['[]']).stream()],
  ])('takes a body of %s', async (_name, body) => {
    const simulator = simulatorOf(
      {},
      {
        template: {
          resources: [
            {
              type: 'Microsoft.Insights/dataCollectionRules',
              properties: { streamDeclarations: { 'Custom-T_CL': { columns: [] } } },
            },
          ],
        },
      },
    );
    const token = await simulator.credential.getToken('https://monitor.azure.com/.default');
    const url = `${SIMULATED_DCR.endpoint}/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-T_CL?api-version=2023-01-01`;
    const headers = createHttpHeaders({ authorization: `Bearer ${token?.token}` });
    const request = createPipelineRequest({ url, method: 'POST', headers });
    if (body !== undefined) request.body = body;
    expect(await simulator.httpClient.sendRequest(request)).toMatchObject({ status: 204, bodyAsText: '' });
  });
});

import { createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { Wire } from '../simulator/estate.ts';
import {
  createSimulator,
  type EstateFile,
  SIMULATED_DCR,
  type Simulator,
  type SimulatorOptions,
} from '../simulator/index.ts';
import { type Azure, type Connection, connect } from '../src/azure.ts';
import { type Seldom, unremembered } from '../src/collect/seldom.ts';
import { ingestion } from '../src/publish/ingestion.ts';
import { memoryStore } from '../src/state/memory.ts';
import type { SweepContext } from '../src/sweep.ts';
import { NOW, registryId, SUB, TENANT } from './build.ts';

type Resource = Wire & { id: string };

/** A private Premium registry on the wire; `properties` are added to its own. */
export function wireRegistry(
  name: string,
  properties: Wire = {},
  change: Wire & { subscriptionId?: string } = {},
): Resource {
  const { subscriptionId = SUB, ...fields } = change;
  return {
    id: registryId(name, subscriptionId),
    name,
    type: 'Microsoft.ContainerRegistry/registries',
    location: 'westeurope',
    sku: { name: 'Premium', tier: 'Premium' },
    properties: {
      loginServer: `${name}.azurecr.io`,
      creationDate: '2024-03-01T08:00:00.1234567Z',
      provisioningState: 'Succeeded',
      adminUserEnabled: false,
      publicNetworkAccess: 'Disabled',
      ...properties,
    },
    ...fields,
  };
}

/** A token of a registry on the wire, enabled, with these passwords. */
export function wireToken(registry: string, name: string, passwords: Wire[], properties: Wire = {}): Resource {
  return {
    id: `${registryId(registry)}/tokens/${name}`,
    name,
    type: 'Microsoft.ContainerRegistry/registries/tokens',
    properties: {
      creationDate: '2026-01-01T08:00:00.1234567+00:00',
      provisioningState: 'Succeeded',
      scopeMapId: `${registryId(registry)}/scopeMaps/_repositories_pull`,
      credentials: { passwords },
      status: 'enabled',
      ...properties,
    },
  };
}

/** A replica of a registry on the wire, named as its region. */
export function wireReplication(name: string, properties: Wire, registry = 'shop'): Resource {
  return {
    id: `${registryId(registry)}/replications/${name}`,
    name,
    type: 'Microsoft.ContainerRegistry/registries/replications',
    location: name,
    properties,
  };
}

export function wireSubscription(change: Wire = {}): Wire & { subscriptionId: string } {
  return { subscriptionId: SUB, displayName: 'Prod', state: 'Enabled', tenantId: TENANT, ...change };
}

/** A batch of Graph's that reads these paths. */
export function graphBatchOf(paths: string[]): PipelineRequest {
  const requests = paths.map((url, index) => ({ id: String(index), method: 'GET', url }));
  const url = 'https://graph.microsoft.com/v1.0/$batch';
  return createPipelineRequest({ url, method: 'POST', body: JSON.stringify({ requests }) });
}

/** An estate of one subscription with these resources. */
export function estateOf(resources: Resource[] = [], change: Partial<EstateFile> = {}): EstateFile {
  return { name: 'test', now: NOW, tenantId: TENANT, subscriptions: [wireSubscription()], resources, ...change };
}

export interface Simulated {
  simulator: Simulator;
  azure: Azure;
}

/** An estate with clients that do not wait between their attempts. */
export function simulated(
  estate: EstateFile,
  { connection, ...options }: Omit<SimulatorOptions, 'estate'> & { connection?: Partial<Connection> } = {},
): Simulated {
  const simulator = createSimulator({ estate, throttling: false, ...options });
  const azure = connect({
    credential: simulator.credential,
    httpClient: simulator.httpClient,
    retryOptions: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
    ...connection,
  });
  return { simulator, azure };
}

/** What a sweep of a simulated estate works with; its rows arrive in the simulator's workspace. */
export function contextOf({ simulator, azure }: Simulated, change: Partial<SweepContext> = {}): SweepContext {
  return {
    azure,
    store: memoryStore(),
    send: ingestion(azure, SIMULATED_DCR),
    environment: 'test',
    clock: () => simulator.now(),
    ...change,
  };
}

/** A shard that was never swept before: everything is read. */
export function noMemory(): Seldom {
  return unremembered(NOW);
}

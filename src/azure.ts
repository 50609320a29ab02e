import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
  type PipelineOptions,
  tracingPolicyName,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { ANSWER_WITHIN_MS, type Deadline, until } from './deadline.ts';
import { guard, type Traffic } from './guard.ts';
import { type Pace, paced } from './pace.ts';

/** Where one Azure cloud lives. Sources: the SDKs' own cloud settings and Microsoft's sovereign cloud endpoint lists. */
export interface Cloud {
  name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';
  arm: string;
  graph: string;
  /** audience of the Logs Ingestion API */
  monitor: string;
  /** the query API of Log Analytics */
  logs: string;
  login: string;
  portal: string;
  /** hosts below these may be sent a token, no others */
  suffixes: string[];
}

export const CLOUDS: Record<Cloud['name'], Cloud> = {
  AzureCloud: {
    name: 'AzureCloud',
    arm: 'https://management.azure.com',
    graph: 'https://graph.microsoft.com',
    monitor: 'https://monitor.azure.com',
    logs: 'https://api.loganalytics.io',
    login: 'https://login.microsoftonline.com',
    portal: 'https://portal.azure.com',
    suffixes: ['.vault.azure.net', '.ingest.monitor.azure.com', '.azurecr.io', '.blob.core.windows.net'],
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    arm: 'https://management.usgovcloudapi.net',
    graph: 'https://graph.microsoft.us',
    monitor: 'https://monitor.azure.us',
    logs: 'https://api.loganalytics.us',
    login: 'https://login.microsoftonline.us',
    portal: 'https://portal.azure.us',
    suffixes: ['.vault.usgovcloudapi.net', '.ingest.monitor.azure.us', '.azurecr.us', '.blob.core.usgovcloudapi.net'],
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    arm: 'https://management.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    monitor: 'https://monitor.azure.cn',
    logs: 'https://api.loganalytics.azure.cn',
    login: 'https://login.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
    suffixes: ['.vault.azure.cn', '.ingest.monitor.azure.cn', '.azurecr.cn', '.blob.core.chinacloudapi.cn'],
  },
};

export interface Connection {
  credential: TokenCredential;
  /** the simulator's, or none: the real network */
  httpClient?: HttpClient;
  cloud?: Cloud;
  /** passed to every client; tests shorten the waits */
  retryOptions?: PipelineOptions['retryOptions'];
  /** the longest `Retry-After` that is waited for, milliseconds; a longer one fails the read, which becomes a gap */
  longestRetryAfterMs?: number;
  /** how long to wait after a 429 that does not say, seconds */
  unnamedWaitSeconds?: number;
  /** for one request without its retries, milliseconds */
  requestTimeoutMs?: number;
  /** shared by all connections of one identity; without it requests go as they come */
  pace?: Pace;
  /** until when Azure is read; rows are sent after it too */
  deadline?: Deadline;
  /** until when rows are sent */
  sendDeadline?: Deadline;
}

/** Every client that acr-warden talks through, over one guarded HTTP client. */
export interface Azure {
  cloud: Cloud;
  /** counted over all clients */
  traffic: Traffic;
  subscriptions: SubscriptionClient;
  registries(subscriptionId: string): ContainerRegistryManagementClient;
  authorization(subscriptionId: string): AuthorizationManagementClient;
  /** Graph has no SDK in the shared pipeline: facts/libraries row 20 */
  graph: Pipeline;
  /** ARM reads of services whose SDK is not among our packages */
  arm: Pipeline;
  resourceGraph: ResourceGraphClient;
  /** for the names and dates of secrets; no value is ever asked for */
  secrets(vaultUrl: string): SecretClient;
  /** with a token, to hosts of this cloud only */
  httpClient: HttpClient;
  /** without a token, to any host: the Teams workflow */
  anyHost: HttpClient;
  logs: LogsQueryClient;
  ingestion(endpoint: string): LogsIngestionClient;
}

/** A span of each request, which nobody here records; its attributes cost more than any other policy's work. */
const TRACING = { name: tracingPolicyName };

/** The one place where clients are made. */
export function connect(connection: Connection): Azure {
  const cloud = connection.cloud ?? CLOUDS.AzureCloud;
  const traffic: Traffic = { requests: 0, throttled: 0 };
  const anyHost = connection.httpClient ?? createDefaultHttpClient();
  const guarded = guard(anyHost, {
    hosts: [cloud.arm, cloud.graph, cloud.logs].map((url) => new URL(url).host),
    suffixes: cloud.suffixes,
    longestRetryAfterMs: connection.longestRetryAfterMs ?? 60_000,
    unnamedWaitSeconds: connection.unnamedWaitSeconds ?? 2,
    requestTimeoutMs: connection.requestTimeoutMs ?? ANSWER_WITHIN_MS,
    traffic,
  });
  const { deadline, sendDeadline } = connection;
  const inPace = connection.pace ? paced(guarded, connection.pace, deadline) : guarded;
  const httpClient = deadline ? until(deadline, inPace) : inPace;
  const sending = sendDeadline ? until(sendDeadline, guarded) : guarded;
  const common: PipelineOptions = {
    userAgentOptions: { userAgentPrefix: 'acr-warden' },
    ...(connection.retryOptions && { retryOptions: connection.retryOptions }),
  };
  const shared = { ...common, httpClient };
  const arm = { ...shared, endpoint: cloud.arm, credentials: { scopes: [`${cloud.arm}/.default`] } };
  const { credential } = connection;
  const graph = createPipelineFromOptions(shared);
  graph.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${cloud.graph}/.default` }));
  const armPipeline = createPipelineFromOptions(shared);
  armPipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${cloud.arm}/.default` }));
  let registries: { of: string; client: ContainerRegistryManagementClient } | undefined;
  return {
    cloud,
    traffic,
    httpClient,
    anyHost,
    graph,
    arm: armPipeline,
    subscriptions: new SubscriptionClient(credential, arm),
    registries: (subscriptionId) => {
      // A client is large. Whoever reads many subscriptions asks each for one list.
      if (registries?.of !== subscriptionId) {
        const client = new ContainerRegistryManagementClient(credential, subscriptionId, arm);
        client.pipeline.removePolicy(TRACING);
        registries = { of: subscriptionId, client };
      }
      return registries.client;
    },
    authorization: (subscriptionId) =>
      new AuthorizationManagementClient(credential, subscriptionId, {
        ...shared,
        endpoint: cloud.arm,
        credentialScopes: `${cloud.arm}/.default`,
      }),
    // Without its own scopes it asks for the public cloud's, whatever the endpoint: facts §1.6
    resourceGraph: new ResourceGraphClient(credential, arm),
    secrets: (vaultUrl) => new SecretClient(vaultUrl, credential, shared),
    logs: new LogsQueryClient(credential, {
      ...shared,
      endpoint: `${cloud.logs}/v1`,
      credentials: { scopes: [`${cloud.logs}/.default`] },
    }),
    ingestion: (endpoint) =>
      new LogsIngestionClient(endpoint, credential, { ...common, httpClient: sending, audience: cloud.monitor }),
  };
}

/** Hosts and token audiences of the three clouds (npm @azure/identity, arm-containerregistry `cloudSetting`, Graph's and Azure Monitor's national cloud pages). */
export interface Cloud {
  arm: string;
  armAudiences: string[];
  graph: string;
  graphAudiences: string[];
  ingestionSuffix: string;
  ingestionAudience: string;
  vaultSuffix: string;
  registrySuffix: string;
}

/** The application id of Microsoft Graph, an audience of its tokens in every cloud. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

export const CLOUDS: readonly Cloud[] = [
  {
    arm: 'management.azure.com',
    armAudiences: ['https://management.core.windows.net', 'https://management.azure.com'],
    graph: 'graph.microsoft.com',
    graphAudiences: ['https://graph.microsoft.com', GRAPH_APP_ID],
    ingestionSuffix: '.ingest.monitor.azure.com',
    ingestionAudience: 'https://monitor.azure.com',
    vaultSuffix: '.vault.azure.net',
    registrySuffix: '.azurecr.io',
  },
  {
    arm: 'management.usgovcloudapi.net',
    armAudiences: ['https://management.core.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
    graph: 'graph.microsoft.us',
    graphAudiences: ['https://graph.microsoft.us', GRAPH_APP_ID],
    ingestionSuffix: '.ingest.monitor.azure.us',
    ingestionAudience: 'https://monitor.azure.us',
    vaultSuffix: '.vault.usgovcloudapi.net',
    registrySuffix: '.azurecr.us',
  },
  {
    arm: 'management.chinacloudapi.cn',
    armAudiences: ['https://management.core.chinacloudapi.cn', 'https://management.chinacloudapi.cn'],
    graph: 'microsoftgraph.chinacloudapi.cn',
    graphAudiences: ['https://microsoftgraph.chinacloudapi.cn', GRAPH_APP_ID],
    ingestionSuffix: '.ingest.monitor.azure.cn',
    ingestionAudience: 'https://monitor.azure.cn',
    vaultSuffix: '.vault.azure.cn',
    registrySuffix: '.azurecr.cn',
  },
];

/** Hosts that do not follow a cloud's suffixes: the query API of Log Analytics, and workflows of Teams. */
const OTHER_HOSTS = [
  'api.loganalytics.io',
  'api.loganalytics.azure.com',
  'api.loganalytics.us',
  'api.loganalytics.azure.cn',
  '*.westeurope.logic.azure.com',
];

/** Every name a TLS certificate of the simulator has to carry. */
export function simulatedHosts(): string[] {
  const byCloud = CLOUDS.flatMap((cloud) => [
    cloud.arm,
    cloud.graph,
    `*${cloud.ingestionSuffix}`,
    `*${cloud.vaultSuffix}`,
    `*${cloud.registrySuffix}`,
  ]);
  return [...byCloud, ...OTHER_HOSTS];
}

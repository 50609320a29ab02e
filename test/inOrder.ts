import type { CheckInput } from '../src/model/check.ts';
import { noFacts, type Registry, type Sku } from '../src/model/estate.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import {
  assignment,
  CI,
  group,
  holding,
  inDays,
  OTHER,
  PULL,
  principal,
  scopeMap,
  secret,
  vaulted,
} from './access/builders.ts';
import { input, password, registry, registryId, replication, SUB, TENANT, token } from './build.ts';
import { connection, endpointId } from './checks/told.ts';

const SHOP = registryId('shop');
const ZONE = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const PULLS = scopeMap('pull', 'repositories/app/content/read');
const HOST = 'shop.westeurope.data.azurecr.io';

/** What Basic and Standard have of the settings that only Premium can change: each as Premium should not have it. */
export const LOWER: Partial<Registry> = {
  exposure: 'public',
  publicNetworkAccess: 'Enabled',
  defaultAction: 'Allow',
  networkRuleBypass: 'AzureServices',
  exportEnabled: true,
  dataEndpointEnabled: false,
  quarantine: false,
  retention: false,
  customerKey: false,
  zoneRedundant: false,
  tasksBypass: true,
};

const POLICY: Policy = {
  ...DEFAULT_POLICY,
  profile: 'full',
  network: [{ registry: 'shop', expect: { adminUser: false, anonymousPull: false } }],
  exceptions: [
    { check: 'admin-account-enabled', registry: 'shop', owner: 'ana', reason: 'why not', until: '2027-03-31' },
  ],
  integrations: [{ cluster: 'aks', registry: 'shop' }],
  hygiene: {
    minimumSku: 'Basic',
    allowedRegions: ['westeurope', 'northeurope'],
    requiredTags: ['owner'],
    namePattern: '^shop$',
    allowedCacheSources: ['mcr.microsoft.com/*'],
  },
};

/** One of everything that is judged, in order: nothing is wrong with any of it. */
export function inOrder(sku: Sku): CheckInput {
  const isPremium = sku === 'Premium';
  const kubelet = principal({ id: OTHER, servicePrincipalType: 'ManagedIdentity' });
  const shop = registry({
    sku,
    tags: { owner: 'ana' },
    ...(isPremium
      ? { privateEndpointConnections: [connection()], dataEndpointHostNames: [HOST], softDelete: true }
      : LOWER),
  });
  return input({
    ...noFacts(TENANT),
    ...holding([secret(inDays(200)), secret(inDays(200), { keyId: 'key-2', kind: 'certificate' })]),
    ...vaulted({ expiresOn: inDays(60) }, [password(inDays(60))]),
    policy: POLICY,
    tenantSubscriptions: [SUB],
    registries: [shop],
    usages: [{ registryId: SHOP, name: 'Tokens', limit: 100, currentValue: 1, unit: 'Count' }],
    replications: ['westeurope', ...(isPremium ? ['northeurope'] : [])].map((location) =>
      replication({ name: location, location }),
    ),
    diagnosticSettings: [{ registryId: SHOP, name: 'law', hasDestination: true, logs: ['allLogs'] }],
    privateEndpoints: isPremium
      ? [{ id: endpointId('pe-shop'), registryId: SHOP, customDnsNames: [], zoneIds: [ZONE], zoneGroup: 'default' }]
      : [],
    dnsZones: [{ id: ZONE, records: ['shop', 'shop.westeurope.data'] }],
    cacheRules: [
      { id: `${SHOP}/cacheRules/base`, name: 'base', registryId: SHOP, sourceRepository: 'mcr.microsoft.com/dotnet' },
    ],
    defenderPlans: [{ subscriptionId: SUB, enabled: true, scansRegistries: true }],
    tokens: [token({ scopeMapId: PULLS.id, passwords: [password(inDays(60))] })],
    scopeMaps: [PULLS],
    roleAssignments: [assignment(PULL), assignment(PULL, { principalId: OTHER })],
    servicePrincipals: [principal(), kubelet],
    groups: [group([CI])],
    clusters: [{ id: '/c', name: 'aks', subscriptionId: SUB, kubeletId: OTHER }],
    credentialSets: [
      {
        id: `${SHOP}/credentialSets/hub`,
        name: 'hub',
        registryId: SHOP,
        loginServer: 'docker.io',
        credentials: [{ name: 'Credential1', healthy: true }],
      },
    ],
  });
}

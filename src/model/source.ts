/** What a source costs to read and what it stands on. */
export interface SourceInfo {
  /** in words, for messages: "cannot read <title>" */
  title: string;
  /** the shard whose sweep reads it; `both`: each shard reads its own part */
  shard: 'subscription' | 'tenant' | 'both';
  /** the Azure action, Graph application permission (`graph:…`) or vault permission (`vault:…`) it needs */
  permission: string;
  /** sources that must be read first: a gap there blinds this one too */
  after: readonly Source[];
}

export type Source =
  | 'subscriptions'
  | 'managementGroups'
  | 'registries'
  | 'usages'
  | 'replications'
  | 'diagnosticSettings'
  | 'privateEndpoints'
  | 'privateDnsZoneGroups'
  | 'privateDnsRecords'
  | 'cacheRules'
  | 'defenderPlans'
  | 'softDelete'
  | 'changes'
  | 'activityLog'
  | 'tokens'
  | 'scopeMaps'
  | 'roleAssignments'
  | 'roleDefinitions'
  | 'servicePrincipals'
  | 'applications'
  | 'groups'
  | 'users'
  | 'owners'
  | 'federatedCredentials'
  | 'clusters'
  | 'vaults'
  | 'vaultSecrets'
  | 'vaultedTokens'
  | 'credentialSets';

/** Every place facts come from. Permissions: Azure's resource provider operations and Graph's permission reference. */
export const SOURCES: Record<Source, SourceInfo> = {
  subscriptions: {
    title: 'subscriptions',
    shard: 'both',
    permission: 'Microsoft.Resources/subscriptions/read',
    after: [],
  },
  managementGroups: {
    title: 'subscriptions',
    shard: 'tenant',
    permission: 'Microsoft.Management/managementGroups/descendants/read',
    after: [],
  },
  registries: {
    title: 'container registries',
    shard: 'both',
    permission: 'Microsoft.ContainerRegistry/registries/read',
    after: ['subscriptions'],
  },
  usages: {
    title: 'usages',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/listUsages/read',
    after: ['registries'],
  },
  replications: {
    title: 'replications',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/replications/read',
    after: ['registries'],
  },
  diagnosticSettings: {
    title: 'diagnostic settings',
    shard: 'subscription',
    permission: 'Microsoft.Insights/diagnosticSettings/read',
    after: ['registries'],
  },
  privateEndpoints: {
    title: 'DNS settings',
    shard: 'subscription',
    permission: 'Microsoft.Network/privateEndpoints/read',
    after: ['registries'],
  },
  privateDnsZoneGroups: {
    title: 'DNS zone groups',
    shard: 'subscription',
    permission: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read',
    after: ['privateEndpoints'],
  },
  privateDnsRecords: {
    title: 'DNS records',
    shard: 'subscription',
    permission: 'Microsoft.Network/privateDnsZones/A/read',
    after: ['privateDnsZoneGroups'],
  },
  cacheRules: {
    title: 'cache rules',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/cacheRules/read',
    after: ['registries'],
  },
  defenderPlans: {
    title: 'Defender plans',
    shard: 'subscription',
    permission: 'Microsoft.Security/pricings/read',
    after: ['registries'],
  },
  softDelete: {
    title: 'soft delete policy',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/read',
    after: ['registries'],
  },
  // Who and when only: no check is blind without them.
  changes: {
    title: 'change records of registries',
    shard: 'both',
    permission: 'Microsoft.ContainerRegistry/registries/read',
    after: ['registries'],
  },
  activityLog: {
    title: 'activity log',
    shard: 'subscription',
    permission: 'Microsoft.Insights/eventtypes/values/read',
    after: [],
  },
  tokens: {
    title: 'repository tokens',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
    after: ['registries'],
  },
  scopeMaps: {
    title: 'scope maps',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/scopeMaps/read',
    after: ['tokens'],
  },
  roleAssignments: {
    title: 'role assignments',
    shard: 'tenant',
    permission: 'Microsoft.Authorization/roleAssignments/read',
    after: ['subscriptions'],
  },
  roleDefinitions: {
    title: 'role definitions',
    shard: 'tenant',
    permission: 'Microsoft.Authorization/roleDefinitions/read',
    after: ['roleAssignments'],
  },
  servicePrincipals: {
    title: 'service principals',
    shard: 'tenant',
    permission: 'graph:Application.Read.All',
    after: ['roleAssignments'],
  },
  applications: {
    title: 'applications',
    shard: 'tenant',
    permission: 'graph:Application.Read.All',
    after: ['servicePrincipals'],
  },
  groups: {
    title: 'members of groups',
    shard: 'tenant',
    permission: 'graph:GroupMember.Read.All',
    after: ['roleAssignments'],
  },
  users: {
    title: 'names of people',
    shard: 'tenant',
    permission: 'graph:User.ReadBasic.All',
    after: ['roleAssignments'],
  },
  owners: {
    title: 'owners of applications',
    shard: 'tenant',
    permission: 'graph:Application.Read.All',
    after: ['applications'],
  },
  federatedCredentials: {
    title: 'federated credentials',
    shard: 'tenant',
    permission: 'graph:Application.Read.All',
    after: ['applications'],
  },
  clusters: {
    title: 'AKS clusters',
    shard: 'tenant',
    permission: 'Microsoft.ContainerService/managedClusters/read',
    after: ['subscriptions'],
  },
  vaults: {
    title: 'key vaults',
    shard: 'tenant',
    permission: 'Microsoft.KeyVault/vaults/read',
    after: ['subscriptions'],
  },
  vaultSecrets: {
    title: 'dates of the secrets',
    shard: 'tenant',
    permission: 'vault:list',
    after: ['vaults'],
  },
  // The tenant shard reads them again, for the few registries that vault secrets name.
  vaultedTokens: {
    title: 'repository tokens that Key Vault secrets hold',
    shard: 'tenant',
    permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
    after: ['registries', 'vaultSecrets'],
  },
  credentialSets: {
    title: 'cache credential sets',
    shard: 'subscription',
    permission: 'Microsoft.ContainerRegistry/registries/credentialSets/read',
    after: ['registries'],
  },
};

export function isSource(text: string): text is Source {
  return Object.hasOwn(SOURCES, text);
}

/** A source with everything it stands on. */
export function withPrerequisites(sources: Iterable<Source>): Set<Source> {
  const all = new Set<Source>();
  const visit = (source: Source): void => {
    if (all.has(source)) return;
    all.add(source);
    for (const earlier of SOURCES[source].after) visit(earlier);
  };
  for (const source of sources) visit(source);
  return all;
}

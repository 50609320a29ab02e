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
  | 'registries'
  | 'tokens'
  | 'scopeMaps'
  | 'roleAssignments'
  | 'roleDefinitions'
  | 'servicePrincipals'
  | 'applications';

/** Every place facts come from. Permissions: Azure's resource provider operations and Graph's permission reference. */
export const SOURCES: Record<Source, SourceInfo> = {
  subscriptions: {
    title: 'subscriptions',
    shard: 'both',
    permission: 'Microsoft.Resources/subscriptions/read',
    after: [],
  },
  registries: {
    title: 'container registries',
    shard: 'both',
    permission: 'Microsoft.ContainerRegistry/registries/read',
    after: ['subscriptions'],
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

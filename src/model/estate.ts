import type { Gap } from './gap.ts';

/** Dates in the model are UTC ISO strings with milliseconds. */
export type Instant = string;

export interface Subscription {
  subscriptionId: string;
  displayName: string;
  tenantId: string;
  state: string;
}

export type Sku = 'Basic' | 'Standard' | 'Premium' | 'Classic';
export type RoleAssignmentMode = 'AbacRepositoryPermissions' | 'LegacyRegistryPermissions';
/** Who can reach the registry's login server: semantics §2. */
export type Exposure = 'private' | 'selected-networks' | 'public';

export interface Registry {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  sku: Sku;
  loginServer: string;
  tags: Record<string, string>;
  provisioningState: string;
  createdOn?: Instant;
  adminUserEnabled: boolean;
  anonymousPullEnabled: boolean;
  publicNetworkAccess: 'Enabled' | 'Disabled';
  defaultAction: 'Allow' | 'Deny';
  /** networks in CIDR notation, each once, in one order: `203.0.113.5` is `203.0.113.5/32` */
  ipRules: string[];
  exposure: Exposure;
  networkRuleBypass: 'AzureServices' | 'None';
  tasksBypass: boolean;
  exportEnabled: boolean;
  armAudienceTokens: boolean;
  roleAssignmentMode: RoleAssignmentMode;
  dataEndpointEnabled: boolean;
  dataEndpointHostNames: string[];
  privateEndpointConnections: PrivateEndpointConnection[];
  /** Docker content trust, which Azure ends on 2028-03-31 */
  contentTrust: boolean;
  quarantine: boolean;
  /** untagged manifests are removed after a while */
  retention: boolean;
  /** absent: not read, since nothing that takes part asks for it */
  softDelete?: boolean;
  /** encrypted with a key of the customer's own vault */
  customerKey: boolean;
  zoneRedundant: boolean;
  /** has a managed identity of its own */
  hasIdentity: boolean;
}

export interface PrivateEndpointConnection {
  name: string;
  /** the private endpoint's own id, wherever it lives; an approved one has it, others may have lost it */
  endpointId?: string;
  status: 'Approved' | 'Pending' | 'Rejected' | 'Disconnected';
}

/** A repository-scoped token with the dates of its passwords; their values are never read. */
export interface Token {
  id: string;
  name: string;
  registryId: string;
  enabled: boolean;
  /** one made later under the same name is another token */
  createdOn?: Instant;
  /** absent: bound to no scope map */
  scopeMapId?: string;
  passwords: TokenSecret[];
  certificates: TokenSecret[];
}

export interface TokenSecret {
  /** `password1`, `password2`, `certificate1`, `certificate2` */
  name: string;
  createdOn?: Instant;
  /** absent: never expires */
  expiresOn?: Instant;
}

export interface ScopeMap {
  id: string;
  name: string;
  registryId: string;
  /** `repositories/<name or *>/content/read` and the like */
  actions: string[];
}

export interface RoleAssignment {
  id: string;
  /** where it was given: management group, subscription, resource group, resource, or `/` */
  scope: string;
  roleDefinitionId: string;
  principalId: string;
  principalType: string;
  condition?: string;
  /** when it was given, and the object id of whoever gave it; absent where ARM does not say */
  createdOn?: Instant;
  createdBy?: string;
  /** the subscriptions in whose lists it stands: an inherited one holds in all of them */
  seenIn: string[];
}

export interface RolePermission {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

export interface RoleDefinition {
  id: string;
  /** the guid at the end of its id: roles are compared by it, since the id's prefix differs from place to place */
  roleId: string;
  roleName: string;
  custom: boolean;
  permissions: RolePermission[];
}

export interface DirectorySecret {
  keyId: string;
  kind: 'password' | 'certificate';
  displayName?: string;
  /** absent: Graph gave none */
  startsOn?: Instant;
  /** absent: never ends */
  expiresOn?: Instant;
  usage?: 'Sign' | 'Verify';
  /** pairs a Sign with its Verify and with the password that comes with them */
  customKeyIdentifier?: string;
}

/** A service principal that holds a role, with the credentials that stand on its own object. */
export interface ServicePrincipal {
  /** object id: what a role assignment names */
  id: string;
  appId: string;
  displayName: string;
  servicePrincipalType: string;
  enabled: boolean;
  /** the tenant whose application it is; absent where Graph gave none */
  appOwnerTenantId?: string;
  secrets: DirectorySecret[];
  /** those of its application, else its own, as people know them; undefined: not asked, or could not be read */
  owners?: string[];
}

export interface Application {
  id: string;
  appId: string;
  displayName: string;
  secrets: DirectorySecret[];
  /** names of its federated credentials, which need no secret; undefined: not asked, or could not be read */
  federated?: string[];
}

/** A group that holds a role on a registry, with those of its members, nested ones too, that sign in by themselves. */
export interface Group {
  id: string;
  displayName: string;
  /** object ids of service principals and managed identities; undefined: could not be read */
  members?: string[];
  /** object ids of the groups inside it; undefined: could not be read */
  groups?: string[];
  /** how many people are in it, nested groups too; undefined: could not be counted */
  people?: number;
  /** their names; undefined: not asked, or could not be read */
  named?: string[];
}

/** A person that holds a role on a registry in their own name. */
export interface Person {
  id: string;
  name: string;
}

/** An AKS cluster and the identity with which its nodes pull. */
export interface Cluster {
  id: string;
  name: string;
  subscriptionId: string;
  /** object id of the kubelet's managed identity */
  kubeletId?: string;
  /** application id of the service principal of a cluster without managed identities */
  clientId?: string;
}

/** A Key Vault secret that holds a registry credential, by what its tags say; its value is never read. */
export interface VaultSecret {
  /** ARM id of the vault; its URL where no vault that can be seen has it */
  vaultId: string;
  vaultName: string;
  name: string;
  enabled: boolean;
  /** when this version was made: `updated` moves on a tag edit too */
  createdOn?: Instant;
  startsOn?: Instant;
  expiresOn?: Instant;
  holds: VaultContent;
}

/** Which credential a vault secret holds, as its tags say. */
export type VaultContent =
  | { type: 'token'; registry: string; token: string; password?: string }
  | { type: 'application'; appId: string };

/** How a registry signs in to the registry that it caches from. */
export interface CredentialSet {
  id: string;
  name: string;
  registryId: string;
  loginServer: string;
  createdOn?: Instant;
  credentials: CachedCredential[];
}

export interface CachedCredential {
  name: string;
  /** where its password lies in a Key Vault; the address, not the value */
  secretUrl?: string;
  healthy: boolean;
  errorCode?: string;
}

/** One of the limits of a registry, as `listUsages` names it: `Size`, `Webhooks`, `Tokens`, … */
export interface Usage {
  registryId: string;
  name: string;
  /** 0 or less: unlimited */
  limit: number;
  currentValue: number;
  unit: 'Bytes' | 'Count';
}

/** A copy of a registry in one region; a geo-replicated registry lists its home region too. */
export interface Replication {
  id: string;
  name: string;
  registryId: string;
  location: string;
  provisioningState: string;
  /** `Ready`, `Syncing`, `Offline`, … ; absent: the service gave none */
  displayStatus?: string;
  zoneRedundant: boolean;
}

/** Where one diagnostic setting sends which logs of a registry. */
export interface DiagnosticSetting {
  registryId: string;
  name: string;
  /** at least one of workspace, storage account, event hub and partner is set */
  hasDestination: boolean;
  /** the enabled log categories and category groups: `ContainerRegistryLoginEvents`, `allLogs`, … */
  logs: string[];
}

/** An approved private endpoint of a registry, and what its DNS zone group leads to. */
export interface PrivateEndpoint {
  id: string;
  registryId: string;
  /** names that somebody has to resolve by other means than a zone group */
  customDnsNames: string[];
  /** ids of the private DNS zones in its zone groups; undefined: could not be read */
  zoneIds?: string[];
  /** name of its zone group; absent: it has none */
  zoneGroup?: string;
}

/** The names that have an A record in a private DNS zone. */
export interface DnsZone {
  id: string;
  records: string[];
  /** a zone group still names it, and there is no such zone any more */
  isGone?: true;
}

export interface CacheRule {
  id: string;
  name: string;
  registryId: string;
  /** as in `docker.io/library/alpine` */
  sourceRepository: string;
}

/** Microsoft Defender for Containers in one subscription. */
export interface DefenderPlan {
  subscriptionId: string;
  enabled: boolean;
  /** images in registries are looked at; a part of the plan that can be switched off by itself */
  scansRegistries: boolean;
}

/** All that one shard's sweep knows. What could not be read stands in `gaps`, and only there. */
export interface Facts {
  tenantId: string;
  subscriptions: Subscription[];
  /**
   * ids of all subscriptions of the tenant that can be seen, swept or not, and of those that were or are to be swept
   * and cannot be seen; undefined: not asked
   */
  tenantSubscriptions?: string[];
  registries: Registry[];
  usages: Usage[];
  replications: Replication[];
  diagnosticSettings: DiagnosticSetting[];
  privateEndpoints: PrivateEndpoint[];
  dnsZones: DnsZone[];
  cacheRules: CacheRule[];
  /** of subscriptions that have a registry, as far as can be seen */
  defenderPlans: DefenderPlan[];
  tokens: Token[];
  scopeMaps: ScopeMap[];
  roleAssignments: RoleAssignment[];
  roleDefinitions: RoleDefinition[];
  servicePrincipals: ServicePrincipal[];
  applications: Application[];
  groups: Group[];
  people: Person[];
  /** ids of principals with a role that the directory does not have any more, in lower case */
  missingPrincipals: string[];
  clusters: Cluster[];
  vaultSecrets: VaultSecret[];
  /** the tokens and scope maps of the registries that vault secrets name: read by the tenant shard, judged by the others */
  vaultedTokens: Token[];
  vaultedScopeMaps: ScopeMap[];
  credentialSets: CredentialSet[];
  /** ids of registries that are gone: a GET answered 404 */
  deleted: string[];
  /** ids of registries that the policy leaves alone */
  excluded: string[];
  /** when what was not read in this sweep was read, by `source|id` in lower case */
  ages: Record<string, Instant>;
  gaps: Gap[];
}

/** What is known before anything was read, and all that is asked of a place which the policy has left. */
export function noFacts(tenantId: string): Facts {
  return {
    tenantId,
    subscriptions: [],
    registries: [],
    usages: [],
    replications: [],
    diagnosticSettings: [],
    privateEndpoints: [],
    dnsZones: [],
    cacheRules: [],
    defenderPlans: [],
    tokens: [],
    scopeMaps: [],
    roleAssignments: [],
    roleDefinitions: [],
    servicePrincipals: [],
    applications: [],
    groups: [],
    people: [],
    missingPrincipals: [],
    clusters: [],
    vaultSecrets: [],
    vaultedTokens: [],
    vaultedScopeMaps: [],
    credentialSets: [],
    deleted: [],
    excluded: [],
    ages: {},
    gaps: [],
  };
}

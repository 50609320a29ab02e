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
}

export interface PrivateEndpointConnection {
  name: string;
  /** the private endpoint's own id, wherever it lives */
  endpointId: string;
  status: 'Approved' | 'Pending' | 'Rejected' | 'Disconnected';
}

/** A repository-scoped token with the dates of its passwords; their values are never read. */
export interface Token {
  id: string;
  name: string;
  registryId: string;
  enabled: boolean;
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
}

export interface Application {
  id: string;
  appId: string;
  displayName: string;
  secrets: DirectorySecret[];
}

/** All that one shard's sweep knows. What could not be read stands in `gaps`, and only there. */
export interface Facts {
  tenantId: string;
  subscriptions: Subscription[];
  registries: Registry[];
  tokens: Token[];
  scopeMaps: ScopeMap[];
  roleAssignments: RoleAssignment[];
  roleDefinitions: RoleDefinition[];
  servicePrincipals: ServicePrincipal[];
  applications: Application[];
  /** ids of registries that are gone: a GET answered 404 */
  deleted: string[];
  /** ids of registries that the policy leaves alone */
  excluded: string[];
  gaps: Gap[];
}

/** What is known before anything was read, and all that is asked of a place which the policy has left. */
export function noFacts(tenantId: string): Facts {
  return {
    tenantId,
    subscriptions: [],
    registries: [],
    tokens: [],
    scopeMaps: [],
    roleAssignments: [],
    roleDefinitions: [],
    servicePrincipals: [],
    applications: [],
    deleted: [],
    excluded: [],
    gaps: [],
  };
}

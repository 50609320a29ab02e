import type {
  Application,
  DirectorySecret,
  Facts,
  Group,
  RoleAssignment,
  RoleDefinition,
  RolePermission,
  ScopeMap,
  ServicePrincipal,
  TokenSecret,
  VaultSecret,
} from '../../src/model/estate.ts';
import { DAY, fromNow, registry, registryId, SUB, token } from '../build.ts';

/** Small things of the directory and of access, right in every respect but those that a test names. */
export const CI = 'bbbbbbbb-0000-0000-0000-000000000001';
export const OTHER = 'bbbbbbbb-0000-0000-0000-000000000002';
export const GROUP = 'cccccccc-0000-0000-0000-000000000001';

/** A role with these actions; `data:` in front of one makes it a data action, `-` takes it away. */
export function role(name: string, ...actions: string[]): RoleDefinition {
  const permission: RolePermission = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  for (const action of actions) {
    const [, minus, data, text = ''] = /^(-?)(data:)?(.*)$/.exec(action) ?? [];
    const list = data ? (minus ? 'notDataActions' : 'dataActions') : minus ? 'notActions' : 'actions';
    permission[list].push(text);
  }
  const id = `/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  return { id, roleId: name, roleName: name, custom: false, permissions: [permission] };
}

const ACR = 'Microsoft.ContainerRegistry/registries';
export const PULL = role('AcrPull', `${ACR}/pull/read`);
export const PUSH = role('AcrPush', `${ACR}/pull/read`, `${ACR}/push/write`);
export const CONTRIBUTOR = role('Contributor', '*', '-Microsoft.Authorization/*/Write');
export const REPOSITORY_READER = role('Repository Reader', `data:${ACR}/repositories/content/read`);

/** An assignment at the registry `shop` unless it says otherwise. */
export function assignment(given: RoleDefinition, change: Partial<RoleAssignment> = {}): RoleAssignment {
  const { scope = registryId('shop'), principalId = CI } = change;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${given.roleId}-${principalId}`,
    scope,
    roleDefinitionId: given.id,
    principalId,
    principalType: 'ServicePrincipal',
    seenIn: [SUB],
    ...change,
  };
}

/** A secret that was made a year before it ends. */
export function secret(expiresOn: string | undefined, change: Partial<DirectorySecret> = {}): DirectorySecret {
  const startsOn = expiresOn && new Date(Date.parse(expiresOn) - 365 * DAY * 1000).toISOString();
  return {
    keyId: 'key-1',
    kind: 'password',
    displayName: 'gh',
    ...(startsOn && { startsOn }),
    ...(expiresOn && { expiresOn }),
    ...change,
  };
}

export function principal(change: Partial<ServicePrincipal> = {}): ServicePrincipal {
  const { id = CI } = change;
  return {
    id,
    appId: `app-${id.slice(-1)}`,
    displayName: 'ci-push',
    servicePrincipalType: 'Application',
    enabled: true,
    secrets: [],
    owners: ['ana@contoso.com'],
    ...change,
  };
}

export function application(secrets: DirectorySecret[], change: Partial<Application> = {}): Application {
  return { id: 'object-1', appId: 'app-1', displayName: 'ci-push', secrets, federated: [], ...change };
}

export function group(members: string[], change: Partial<Group> = {}): Group {
  return { id: GROUP, displayName: 'sg-robots', members, groups: [], people: 0, ...change };
}

/** `ci-push` pulls from `shop` with what is on its application. */
export function holding(secrets: DirectorySecret[], change: Partial<Facts> = {}): Partial<Facts> {
  return {
    registries: [registry()],
    roleDefinitions: [PULL, PUSH, CONTRIBUTOR, REPOSITORY_READER],
    roleAssignments: [assignment(PULL)],
    servicePrincipals: [principal()],
    applications: [application(secrets)],
    ...change,
  };
}

/** `count` registries in one subscription. */
export function registries(count: number) {
  return Array.from({ length: count }, (_, index) => registry({ name: `shop${index}` }));
}

export const AT_SUBSCRIPTION = assignment(PULL, { scope: `/subscriptions/${SUB}` });

/** The scope map of `shop` with these actions. */
export function scopeMap(name: string, ...actions: string[]): ScopeMap {
  return { id: `${registryId('shop')}/scopeMaps/${name}`, name, registryId: registryId('shop'), actions };
}

/** Days from now, to the second. */
export function inDays(days: number, seconds = 0): string {
  return fromNow(days * DAY + seconds);
}

export const VAULT = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1`;

/** A vault secret with a copy of password1 of token `ci` at `shop`, stored when the password was made. */
export function vaultSecret(change: Partial<VaultSecret> = {}): VaultSecret {
  return {
    vaultId: VAULT,
    vaultName: 'kv1',
    name: 'acr-ci',
    enabled: true,
    createdOn: fromNow(-DAY),
    holds: { type: 'token', registry: 'shop', token: 'ci', password: 'password1' },
    ...change,
  };
}

/** That secret, and the token with these passwords as the tenant shard reads it. */
export function vaulted(
  copy: Partial<VaultSecret>,
  passwords: TokenSecret[],
  change: Partial<Facts> = {},
): Partial<Facts> {
  const PULLS = scopeMap('pull', 'repositories/*/content/read');
  return {
    registries: [registry()],
    vaultSecrets: [vaultSecret(copy)],
    vaultedTokens: [token({ scopeMapId: PULLS.id, passwords })],
    vaultedScopeMaps: [PULLS],
    ...change,
  };
}

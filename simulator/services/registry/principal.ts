import { isPlain } from '../../mergePatch.ts';
import type { Caller } from '../../token.ts';
import { SIMULATED_CALLER } from '../../token.ts';
import type { World } from '../../world.ts';
import type { SimulatedRegistry } from './registryAt.ts';
import { readRegistryToken } from './registryToken.ts';

/** Who asks, and what they may do here. */
export interface Principal {
  name: string;
  grants: string[];
}

/** The user name that stands for a refresh token ("az acr login --expose-token"). */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';
const REGISTRY = 'Microsoft.ContainerRegistry/registries';

/** From a Basic header: a refresh token, or a name and a password that still works. */
export function principalOf(authorization: string, registry: SimulatedRegistry, world: World): Principal | undefined {
  const text = Buffer.from(authorization.slice('basic '.length), 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : principalBy(text.slice(0, colon), text.slice(colon + 1), registry, world);
}

export function principalBy(
  username: string,
  password: string,
  registry: SimulatedRegistry,
  world: World,
): Principal | undefined {
  if (username === TOKEN_USER) {
    const token = readRegistryToken(password, 'refresh_token', registry.host, world.now());
    return token === undefined ? undefined : { name: token.sub, grants: token.grants };
  }
  const found = registry.credentials.find((one) => one.username === username && one.password === password);
  if (found === undefined || !isAlive(username, registry, world)) return undefined;
  return { name: username, grants: found.grants };
}

/** The holder of a directory token. The auditor has the Reader role, which pulls, but not under ABAC. */
export function principalOfCaller(caller: Caller, registry: SimulatedRegistry, world: World): Principal {
  const own = registry.credentials.find((one) => [caller.clientId, caller.objectId].includes(one.username));
  if (own !== undefined) return { name: own.username, grants: own.grants };
  const isAuditor = caller.objectId === SIMULATED_CALLER.objectId;
  const isAbac = registry.properties.roleAssignmentMode === 'AbacRepositoryPermissions';
  const mayPull = isAuditor && !isAbac && !world.isDenied(`${REGISTRY}/pull/read`, registry.resource?.id ?? '/');
  return { name: caller.clientId, grants: mayPull ? ['repository:*:pull', 'registry:catalog:*'] : [] };
}

/**
 * A password in `dataPlane` works while ARM and the directory say so: the admin account is on, the token enabled and one
 * of its passwords not expired, one secret of the application not expired. What the estate does not hold is no obstacle.
 */
function isAlive(username: string, registry: SimulatedRegistry, world: World): boolean {
  const { resource, name, properties } = registry;
  if (username.toLowerCase() === name) return resource === undefined || properties.adminUserEnabled === true;
  const token = resource === undefined ? undefined : world.resources.get(`${resource.id}/tokens/${username}`);
  if (token !== undefined) {
    const { status, credentials } = isPlain(token.properties) ? token.properties : {};
    const passwords = isPlain(credentials) ? credentials.passwords : undefined;
    return status !== 'disabled' && hasLiving(passwords, 'expiry', world.now());
  }
  const { applications, servicePrincipals } = world.estate.graph;
  const objects = [...applications, ...servicePrincipals].filter((one) => one.appId === username);
  if (objects.length === 0) return true;
  const secrets = objects.flatMap((one) => (Array.isArray(one.passwordCredentials) ? one.passwordCredentials : []));
  return hasLiving(secrets, 'endDateTime', world.now());
}

function hasLiving(passwords: unknown, field: string, now: Date): boolean {
  if (!Array.isArray(passwords)) return false;
  return passwords.some((one: unknown) => {
    const expiry = isPlain(one) ? one[field] : undefined;
    return expiry === null || expiry === undefined || Date.parse(String(expiry)) > now.getTime();
  });
}

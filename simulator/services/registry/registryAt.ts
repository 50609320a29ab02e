import { z } from 'zod';
import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import { nameOf } from '../../resourceId.ts';
import type { Resource } from '../../resourceIndex.ts';
import { HostNotFound } from '../../spoil.ts';
import type { World } from '../../world.ts';

const stated = z.looseObject({
  dns: z.array(z.string()).nullish(),
  allowedIps: z.array(z.string()).nullish(),
  repositories: z.array(z.string()).nullish(),
  latencyMs: z.number().min(0).nullish(),
  credentials: z
    .array(z.looseObject({ username: z.string(), password: z.string(), grants: z.array(z.string()) }))
    .nullish(),
});

interface RegistryCredential {
  username: string;
  password: string;
  /** `repository:<name or *>:<action>` and `registry:catalog:*`. */
  grants: string[];
}

/** A registry as its own host knows it. */
export interface SimulatedRegistry {
  host: string;
  name: string;
  /** The ARM resource, when the estate has it. */
  resource: Resource | undefined;
  properties: Wire;
  /** What DNS says of the host; none: the name is not known. */
  addresses: string[];
  /** Networks that may come in; null for everybody. */
  allowedIps: string[] | null;
  repositories: string[];
  latencyMs: number;
  credentials: RegistryCredential[];
}

/** Where a registry is found when the estate does not say. */
const PUBLIC_ADDRESS = '20.61.99.64';

/**
 * The registry that has the host: its `dataPlane` in the estate, and for what that does not say the ARM resource.
 * @throws an error that names what in `dataPlane` is wrong.
 */
export function registryAt(host: string, world: World): SimulatedRegistry | undefined {
  const entry = Object.entries(world.estate.dataPlane).find(([name]) => name.toLowerCase() === host)?.[1];
  const resource = world.resources
    .ofType('Microsoft.ContainerRegistry/registries')
    .find((one) => loginServerOf(one) === host);
  if (entry === undefined && resource === undefined) return undefined;
  const parsed = stated.safeParse(entry ?? {});
  if (!parsed.success) throw new Error(`dataPlane of ${host} in the estate: ${z.prettifyError(parsed.error)}`);
  const properties = isPlain(resource?.properties) ? resource.properties : {};
  const { dns, allowedIps, repositories, latencyMs, credentials } = parsed.data;
  return {
    host,
    name: host.split('.')[0] ?? host,
    resource,
    properties,
    addresses: dns ?? [PUBLIC_ADDRESS],
    allowedIps: allowedIps === undefined ? networksOf(properties) : allowedIps,
    repositories: repositories ?? [],
    latencyMs: latencyMs ?? 0,
    credentials: credentials ?? [],
  };
}

function loginServerOf(resource: Resource): string {
  const loginServer = isPlain(resource.properties) ? resource.properties.loginServer : undefined;
  return typeof loginServer === 'string'
    ? loginServer.toLowerCase()
    : `${nameOf(resource.id).toLowerCase()}.azurecr.io`;
}

function networksOf({ publicNetworkAccess, networkRuleSet }: Wire): string[] | null {
  if (publicNetworkAccess === 'Disabled') return [];
  if (!isPlain(networkRuleSet) || networkRuleSet.defaultAction !== 'Deny') return null;
  const rules: unknown[] = Array.isArray(networkRuleSet.ipRules) ? networkRuleSet.ipRules : [];
  return rules.flatMap((rule) => (isPlain(rule) && typeof rule.value === 'string' ? [rule.value] : []));
}

/**
 * What the caller's DNS says of a host of a registry.
 * @throws HostNotFound, as `dns.lookup` fails for a name that is not there.
 */
export function resolveHost(host: string, world: World): string[] {
  const addresses = registryAt(host.toLowerCase(), world)?.addresses ?? [];
  if (addresses.length === 0) throw new HostNotFound(host);
  return addresses;
}

import type { Registry as WireRegistry } from '@azure/arm-containerregistry';
import type { Azure } from '../azure.ts';
import { lastSegment, parseArmId } from '../model/armId.ts';
import type { Exposure, PrivateEndpointConnection, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { coversEverything, networkOf, networksOf } from '../network.ts';
import { attempt, gapFrom, isNotFound, UnusableAnswerError, whereRegistered } from './attempt.ts';
import { firstOfEach, given, instant, oneOf, required } from './wire.ts';

/**
 * The registries of one subscription, or those of them that are `own`: the others are forgotten page by page. Where a page
 * breaks, those before it are returned beside the gap; one that cannot be understood is a gap of its own.
 */
export async function readRegistries(
  azure: Azure,
  subscriptionId: string,
  gaps: Gap[],
  own: (id: string) => boolean = () => true,
): Promise<Registry[]> {
  const registries: Registry[] = [];
  const isFirst = firstOfEach();
  await attempt(gaps, 'registries', `/subscriptions/${subscriptionId}`, async () => {
    for await (const wire of whereRegistered(azure.registries(subscriptionId).registries.list())) {
      const id = required(wire.id, 'id', `a registry of subscription ${subscriptionId}`);
      if (!own(id) || !isFirst(id)) continue;
      const registry = await attempt(gaps, 'registries', id, async () => toRegistry(wire));
      if (registry) registries.push(registry);
    }
  });
  return registries;
}

/** What became of registries that were there last time and are not in the list now. */
export async function confirmMissing(
  azure: Azure,
  ids: string[],
  gaps: Gap[],
): Promise<{ deleted: string[]; stillThere: Registry[] }> {
  const deleted: string[] = [];
  const stillThere: Registry[] = [];
  for (const id of ids) {
    const { subscriptionId, resourceGroup, name } = parseArmId(id);
    try {
      stillThere.push(toRegistry(await azure.registries(subscriptionId).registries.get(resourceGroup, name)));
    } catch (error) {
      if (isNotFound(error)) deleted.push(id);
      else gaps.push(gapFrom(error, 'registries', id));
    }
  }
  return { deleted, stillThere };
}

function toRegistry(wire: WireRegistry): Registry {
  const id = required(wire.id, 'id', 'a registry');
  const { subscriptionId, resourceGroup, name } = parseArmId(id);
  const ipRules = (wire.networkRuleSet?.ipRules ?? []).map((rule) => network(rule.iPAddressOrRange, id));
  // Absent fields have ARM's own defaults, listed with their source in semantics §2: older API versions and lower
  // tiers leave them out. Anything else that is absent is not known.
  const publicNetworkAccess = oneOf(wire.publicNetworkAccess ?? 'Enabled', ['Enabled', 'Disabled'], 'access', id);
  const defaultAction = oneOf(wire.networkRuleSet?.defaultAction ?? 'Allow', ['Allow', 'Deny'], 'defaultAction', id);
  return {
    id,
    name: wire.name ?? name,
    subscriptionId,
    resourceGroup,
    location: required(wire.location, 'location', id),
    sku: oneOf(required(wire.sku?.name, 'sku', id), ['Basic', 'Standard', 'Premium', 'Classic'], 'sku', id),
    loginServer: required(wire.loginServer, 'loginServer', id),
    tags: tagsOf(wire, id),
    provisioningState: required(wire.provisioningState, 'provisioningState', id),
    ...given('createdOn', instant(wire.creationDate, 'creationDate', id)),
    adminUserEnabled: wire.adminUserEnabled ?? false,
    anonymousPullEnabled: wire.anonymousPullEnabled ?? false,
    publicNetworkAccess,
    defaultAction,
    ipRules: networksOf(ipRules),
    exposure: exposure(publicNetworkAccess, defaultAction, ipRules),
    networkRuleBypass: oneOf(wire.networkRuleBypassOptions ?? 'AzureServices', ['AzureServices', 'None'], 'bypass', id),
    tasksBypass: wire.networkRuleBypassAllowedForTasks ?? false,
    // Both are enabled where the wire says nothing: semantics §2.
    exportEnabled: isOn(wire.policies?.exportPolicy?.status ?? 'enabled', 'exportPolicy', id),
    armAudienceTokens: isOn(
      wire.policies?.azureADAuthenticationAsArmPolicy?.status ?? 'enabled',
      'azureADAuthenticationAsArmPolicy',
      id,
    ),
    roleAssignmentMode: oneOf(
      wire.roleAssignmentMode ?? 'LegacyRegistryPermissions',
      ['AbacRepositoryPermissions', 'LegacyRegistryPermissions'],
      'roleAssignmentMode',
      id,
    ),
    dataEndpointEnabled: wire.dataEndpointEnabled ?? false,
    dataEndpointHostNames: wire.dataEndpointHostNames ?? [],
    privateEndpointConnections: (wire.privateEndpointConnections ?? []).map((connection) => endpoint(connection, id)),
    contentTrust: isOn(wire.policies?.trustPolicy?.status, 'trustPolicy', id),
    quarantine: isOn(wire.policies?.quarantinePolicy?.status, 'quarantinePolicy', id),
    retention: isOn(wire.policies?.retentionPolicy?.status, 'retentionPolicy', id),
    customerKey: isOn(wire.encryption?.status, 'encryption', id),
    zoneRedundant: isOn(wire.zoneRedundancy, 'zoneRedundancy', id),
    hasIdentity: (wire.identity?.type ?? 'None').toLowerCase() !== 'none',
  };
}

/** Off where the wire says nothing: so these settings are made, and older api-versions leave them out (wire: registries-list). */
function isOn(status: string | null | undefined, field: string, of: string): boolean {
  return oneOf(status ?? 'disabled', ['enabled', 'disabled'], field, of) === 'enabled';
}

function tagsOf({ tags }: WireRegistry, of: string): Record<string, string> {
  for (const [name, value] of Object.entries<unknown>(tags ?? {})) {
    if (typeof value !== 'string') throw new UnusableAnswerError(`${of} has the tag '${name}' without a text`);
  }
  return tags ?? {};
}

type WireConnection = NonNullable<WireRegistry['privateEndpointConnections']>[number];

function endpoint(wire: WireConnection, of: string): PrivateEndpointConnection {
  const name = wire.name ?? lastSegment(required(wire.id, 'the id of a private endpoint connection', of));
  const state = required(wire.privateLinkServiceConnectionState?.status, `the state of connection ${name}`, of);
  const status = oneOf(state, ['Approved', 'Pending', 'Rejected', 'Disconnected'], `connection ${name} in state`, of);
  // One that is not approved may have outlived its endpoint; whose an approved one is must be known.
  const endpointId = wire.privateEndpoint?.id || undefined;
  if (status === 'Approved') required(endpointId, `the endpoint of connection ${name}`, of);
  return { name, ...given('endpointId', endpointId), status };
}

function network(rule: string | undefined, of: string): string {
  const cidr = networkOf(rule);
  if (!cidr) throw new UnusableAnswerError(`${of} has the IP rule '${rule}', which is not an address or a range`);
  return cidr;
}

function exposure(access: 'Enabled' | 'Disabled', action: 'Allow' | 'Deny', ipRules: string[]): Exposure {
  if (access === 'Disabled') return 'private';
  if (action === 'Allow') return 'public';
  return coversEverything(ipRules) ? 'public' : 'selected-networks';
}

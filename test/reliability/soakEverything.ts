import type { EstateFile, Wire } from '../../simulator/estate.ts';
import { registryId, SUB } from '../build.ts';
import { endpointId } from '../checks/told.ts';
import { wireReplication } from '../wire.ts';
import { GRAPH, LAB_POLICY, labEstate, push, VAULT, vaultSecret } from './estate.ts';
import { changesOfRegistries, comingAndGoing, days, robots } from './soakEstate.ts';
import { type Change, type Draw, pick, timelineOf, toggled, type World } from './soakWorld.ts';

type Resource = Wire & { id: string };

const SHOP = registryId('shop');
const PAY = registryId('pay');
const GROUP = 'cccccccc-0000-0000-0000-000000000001';
const ANA = 'eeeeeeee-1111-0000-0000-000000000001';
const ROBOT = 'abababab-0000-0000-0000-000000000001';
const ROBOTS = ['bbbbbbbb-0000-0000-0000-000000000001', 'bbbbbbbb-0000-0000-0000-000000000002'] as const;
const ZONE = `/subscriptions/${SUB}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;

/**
 * Every check, with all that it needs: endpoints and their DNS, replicas, diagnostic settings, cache rules, credential sets,
 * scope maps, groups, owners, federated credentials, the secrets of a vault and a cluster come, go and change as well.
 */
export const EVERYTHING: World = {
  policy: { ...LAB_POLICY, profile: 'full', integrations: [{ cluster: 'aks', registry: 'pay' }] },
  estate(draw) {
    const gone = new Set<string>();
    const steps = timelineOf(draw, (hour) => [
      ...changesOfRegistries(draw),
      ...comingAndGoing(gone),
      ...changesAround(draw, gone),
      () => ({ graph: directory(draw, hour) }),
    ]);
    const estate = labEstate(steps);
    const resources = [...(estate.resources ?? []).map(connected), ...neighbours()];
    return { ...estate, resources, graph: directory(draw, 0) };
  },
  // What is expected of a registry is what was seen of it first.
  from: 1,
  // What changes seldom is read once a day.
  quiet: 29,
  cuts: 0,
  hurried: 0.1,
};

function changesAround(draw: Draw, gone: Set<string>): (() => Change)[] {
  return [
    () => toggled(gone, groupRole()),
    () => toggled(gone, cluster()),
    () => toggled(gone, record(pick(draw, ['shop', 'shop.westeurope.data']))),
    () => toggled(gone, diagnostics(pick(draw, [SHOP, PAY]))),
    () => toggled(gone, cacheRule()),
    () => ({ merge: credentialSet(draw() < 0.5 ? 'Healthy' : 'Unhealthy') }),
    () => ({ merge: scopeMap(draw() < 0.5 ? '**' : 'till') }),
    () => ({ vaults: { [VAULT]: draw() < 0.2 ? [] : [copy(days(draw))] } }),
    () => ({ merge: { id: pick(draw, [SHOP, PAY]), properties: posture(draw() < 0.5) } }),
    () => ({ merge: replica('eastus', draw() < 0.5 ? 'Failed' : 'Succeeded') }),
    () => ({
      merge: { id: SHOP, properties: { privateEndpointConnections: [link(draw() < 0.5 ? 'Approved' : 'Pending')] } },
    }),
    () => ({ merge: zoneGroup(draw() < 0.5 ? [ZONE] : []) }),
  ];
}

function directory(draw: Draw, hour: number): NonNullable<EstateFile['graph']> {
  const federated = draw() < 0.5 ? [{ id: 'f', name: 'github' }] : [];
  const robotsLeft = draw() < 0.2 ? GRAPH.servicePrincipals.slice(0, 1) : GRAPH.servicePrincipals;
  return {
    ...GRAPH,
    servicePrincipals: robotsLeft,
    applications: robots(draw, hour).map((one) => ({ ...one, federatedIdentityCredentials: federated })),
    groups: [{ id: GROUP, displayName: 'pushers', members: draw() < 0.5 ? [ROBOTS[1]] : [] }],
    users: [{ id: ANA, mail: null, userPrincipalName: 'ana@contoso.com', displayName: 'Ana' }],
    owners: draw() < 0.5 ? { [ROBOT]: [ANA] } : {},
  };
}

function neighbours(): Resource[] {
  return [
    {
      id: endpointId('pe-shop'),
      name: 'pe-shop',
      type: 'Microsoft.Network/privateEndpoints',
      location: 'westeurope',
      properties: { customDnsConfigs: [] },
    },
    zoneGroup([ZONE]),
    {
      id: ZONE,
      name: 'privatelink.azurecr.io',
      type: 'Microsoft.Network/privateDnsZones',
      location: 'global',
      properties: {},
    },
    record('shop'),
    record('shop.westeurope.data'),
    replica('westeurope', 'Succeeded'),
    replica('eastus', 'Succeeded'),
    diagnostics(SHOP),
    diagnostics(PAY),
    cacheRule(),
    credentialSet('Healthy'),
    scopeMap('till'),
    groupRole(),
    cluster(),
  ];
}

/** As in the lab, but that shop has an endpoint and its till a scope map of its own. */
function connected(resource: Resource): Resource {
  const added: Record<string, Wire> = {
    [SHOP]: { privateEndpointConnections: [link('Approved')] },
    [`${SHOP}/tokens/till`]: { scopeMapId: scopeMap('till').id },
  };
  return { ...resource, properties: { ...Object(resource.properties), ...added[resource.id] } };
}

function link(status: string): Wire {
  const name = 'shop.0123';
  return {
    id: `${SHOP}/privateEndpointConnections/${name}`,
    name,
    properties: {
      privateEndpoint: { id: endpointId('pe-shop') },
      privateLinkServiceConnectionState: { status },
      provisioningState: 'Succeeded',
    },
  };
}

function zoneGroup(zones: string[]): Resource {
  const configs = zones.map((privateDnsZoneId) => ({ name: 'zone', properties: { privateDnsZoneId } }));
  return {
    id: `${endpointId('pe-shop')}/privateDnsZoneGroups/default`,
    name: 'default',
    type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    properties: { privateDnsZoneConfigs: configs },
  };
}

function record(name: string): Resource {
  return {
    id: `${ZONE}/A/${name}`,
    name,
    type: 'Microsoft.Network/privateDnsZones/A',
    properties: { ttl: 10, aRecords: [{ ipv4Address: '10.0.0.4' }] },
  };
}

function replica(name: string, provisioningState: string): Resource {
  return wireReplication(name, { provisioningState });
}

function diagnostics(registry: string): Resource {
  return {
    id: `${registry}/providers/Microsoft.Insights/diagnosticSettings/to-law`,
    name: 'to-law',
    type: 'Microsoft.Insights/diagnosticSettings',
    properties: { workspaceId: '/workspaces/law', logs: [{ categoryGroup: 'allLogs', enabled: true }] },
  };
}

function cacheRule(): Resource {
  return {
    id: `${PAY}/cacheRules/alpine`,
    name: 'alpine',
    type: 'Microsoft.ContainerRegistry/registries/cacheRules',
    properties: { sourceRepository: 'docker.io/library/alpine', targetRepository: 'alpine' },
  };
}

function credentialSet(status: string): Resource {
  return {
    id: `${PAY}/credentialSets/hub`,
    name: 'hub',
    type: 'Microsoft.ContainerRegistry/registries/credentialSets',
    properties: {
      loginServer: 'docker.io',
      creationDate: '2026-01-01T08:00:00.1234567+00:00',
      authCredentials: [
        {
          name: 'Credential1',
          passwordSecretIdentifier: 'https://kv-hub.vault.azure.net/secrets/hub-token',
          credentialHealth: { status },
        },
      ],
    },
  };
}

function scopeMap(repository: string): Resource {
  return {
    id: `${SHOP}/scopeMaps/writers`,
    name: 'writers',
    type: 'Microsoft.ContainerRegistry/registries/scopeMaps',
    properties: { actions: [`repositories/${repository}/content/write`], provisioningState: 'Succeeded' },
  };
}

/** The vault's copy of a token's password. */
function copy(endDays: number): Wire {
  return vaultSecret('till', { acr: 'shop', token: 'till', password: 'password1' }, endDays);
}

/** All that hygiene wants of a registry, or nothing of it. */
function posture(isGood: boolean): Wire {
  const status = isGood ? 'enabled' : 'disabled';
  return {
    policies: {
      retentionPolicy: { status },
      quarantinePolicy: { status },
      trustPolicy: { status },
      exportPolicy: { status },
      softDeletePolicy: { status },
      azureADAuthenticationAsArmPolicy: { status },
    },
    dataEndpointEnabled: isGood,
    networkRuleBypassOptions: isGood ? 'None' : 'AzureServices',
    networkRuleBypassAllowedForTasks: !isGood,
    zoneRedundancy: isGood ? 'Enabled' : 'Disabled',
    roleAssignmentMode: isGood ? 'LegacyRegistryPermissions' : 'AbacRepositoryPermissions',
  };
}

/** What the members of a group may push to. */
function groupRole(): Resource {
  const { properties, ...role } = push(SHOP, 9);
  return { ...role, properties: { ...Object(properties), principalId: GROUP, principalType: 'Group' } };
}

function cluster(): Resource {
  return {
    id: `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`,
    name: 'aks',
    type: 'Microsoft.ContainerService/managedClusters',
    location: 'westeurope',
    properties: {
      identityProfile: { kubeletidentity: { objectId: ROBOTS[0], clientId: 'client' } },
      servicePrincipalProfile: { clientId: 'msi' },
    },
  };
}

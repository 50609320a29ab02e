import type { EstateFile, Wire } from './estate.ts';
import { seeded } from './faults.ts';
import { guid } from './trace.ts';

export interface GenerateOptions {
  registries: number;
  subscriptions: number;
  /** The same seed gives the same estate. Default 1. */
  seed?: number;
  /** The estate's clock. Default 2026-11-24T06:00:00Z. */
  now?: string;
  /** Repository-scoped tokens on each registry. Default 3. */
  tokens?: number;
}

const DAY_MS = 86_400_000;

/**
 * A tenant of any size: registries of every tier spread over the subscriptions, each with tokens, and with service
 * principals and managed identities that pull and push; some open, some about to lock their clients out.
 */
export function generateEstate(options: GenerateOptions): EstateFile {
  const { registries, subscriptions, seed = 1, now = '2026-11-24T06:00:00Z', tokens = 3 } = options;
  const draw = seeded(seed);
  const context: Context = { draw, now: Date.parse(now), id: (name) => guid(`estate ${seed} ${name}`), tokens };
  const tenantId = context.id('tenant');
  const subscriptionIds = Array.from({ length: subscriptions }, (_, index) => context.id(`subscription ${index}`));
  const parts = Array.from({ length: registries }, (_, index) => {
    const subscriptionId = subscriptionIds[index % subscriptions];
    if (subscriptionId === undefined)
      throw new Error(`cannot spread ${registries} registries over ${subscriptions} subscriptions`);
    return registryPart(index, subscriptionId, context);
  });
  return {
    name: `generated-${registries}-${subscriptions}-${seed}`,
    now,
    tenantId,
    managementGroups: { root: { parent: null, subscriptions: subscriptionIds } },
    subscriptions: subscriptionIds.map((subscriptionId, index) => ({
      subscriptionId,
      displayName: `Subscription ${index + 1}`,
      state: 'Enabled',
      tenantId,
    })),
    resources: parts.flatMap((part) => part.resources),
    graph: {
      servicePrincipals: parts.flatMap((part) => part.servicePrincipals),
      applications: parts.flatMap((part) => part.applications),
      groups: [],
      users: [
        {
          id: context.id('owner'),
          displayName: 'Ana Pereira',
          mail: 'ana@contoso.com',
          userPrincipalName: 'ana@contoso.com',
        },
      ],
      owners: Object.fromEntries(
        parts.flatMap((part) => part.applications.map((one) => [one.id, [context.id('owner')]])),
      ),
    },
  };
}

interface Context {
  draw: () => number;
  now: number;
  id: (name: string) => string;
  tokens: number;
}

interface Part {
  resources: (Wire & { id: string })[];
  servicePrincipals: (Wire & { id: string })[];
  applications: (Wire & { id: string })[];
}

function registryPart(index: number, subscriptionId: string, context: Context): Part {
  const name = `acr${String(index + 1).padStart(5, '0')}`;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg-${Math.floor(index / 5)}/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const principal = principalOf(name, context);
  return {
    resources: [
      registry(id, name, context),
      ...tokensOf(id, context),
      ...assignmentsOf(id, name, subscriptionId, context),
    ],
    servicePrincipals: principal.servicePrincipals,
    applications: principal.applications,
  };
}

function registry(id: string, name: string, { draw, now }: Context): Wire & { id: string } {
  const sku = pick(draw, ['Basic', 'Standard', 'Standard', 'Premium', 'Premium', 'Premium']);
  const isPrivate = sku === 'Premium' && draw() < 0.5;
  const hasRules = sku === 'Premium' && !isPrivate && draw() < 0.6;
  const ipRules = hasRules ? [{ action: 'Allow', value: '203.0.113.0/24' }] : [];
  return {
    sku: { name: sku, tier: sku },
    type: 'Microsoft.ContainerRegistry/registries',
    id,
    name,
    location: pick(draw, ['westeurope', 'northeurope', 'eastus']),
    tags: { env: pick(draw, ['prod', 'test', 'dev']) },
    properties: {
      loginServer: `${name}.azurecr.io`,
      creationDate: wireTime(now - draw() * 900 * DAY_MS),
      provisioningState: 'Succeeded',
      adminUserEnabled: draw() < 0.15,
      ...(sku === 'Premium'
        ? { networkRuleSet: { defaultAction: isPrivate || hasRules ? 'Deny' : 'Allow', ipRules } }
        : {}),
      policies: {
        quarantinePolicy: { status: 'disabled' },
        trustPolicy: { type: 'Notary', status: 'disabled' },
        retentionPolicy: { days: 7, lastUpdatedTime: wireTime(now - 400 * DAY_MS), status: 'disabled' },
        exportPolicy: { status: 'enabled' },
        azureADAuthenticationAsArmPolicy: { status: 'enabled' },
      },
      encryption: { status: 'disabled' },
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
      publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled',
      networkRuleBypassOptions: 'AzureServices',
      networkRuleBypassAllowedForTasks: false,
      zoneRedundancy: 'Disabled',
      anonymousPullEnabled: sku !== 'Basic' && draw() < 0.05,
      roleAssignmentMode: draw() < 0.2 ? 'AbacRepositoryPermissions' : 'LegacyRegistryPermissions',
    },
  };
}

function tokensOf(registryId: string, { draw, now, tokens }: Context): (Wire & { id: string })[] {
  return Array.from({ length: tokens }, (_, index) => {
    const created = now - draw() * 300 * DAY_MS;
    // From expired to a year away; one in five never expires.
    const expiry = draw() < 0.2 ? null : offsetTime(now + (draw() * 400 - 35) * DAY_MS);
    return {
      type: 'Microsoft.ContainerRegistry/registries/tokens',
      id: `${registryId}/tokens/ci-${index + 1}`,
      name: `ci-${index + 1}`,
      properties: {
        creationDate: offsetTime(created),
        provisioningState: 'Succeeded',
        scopeMapId: `${registryId}/scopeMaps/${pick(draw, ['_repositories_pull', '_repositories_push'])}`,
        credentials: { passwords: [{ creationTime: offsetTime(created), expiry, name: 'password1' }] },
        status: draw() < 0.05 ? 'disabled' : 'enabled',
      },
    };
  });
}

function principalOf(name: string, { draw, now, id }: Context): Pick<Part, 'servicePrincipals' | 'applications'> {
  const appId = id(`app id ${name}`);
  const secret = {
    customKeyIdentifier: null,
    displayName: 'ci',
    endDateTime: `${new Date(now + (draw() * 500 - 40) * DAY_MS).toISOString().slice(0, 19)}Z`,
    hint: 'a1b',
    keyId: id(`key ${name}`),
    secretText: null,
    startDateTime: `${new Date(now - 200 * DAY_MS).toISOString().slice(0, 19)}Z`,
  };
  const common = { displayName: `${name}-push`, appId, keyCredentials: [] };
  return {
    servicePrincipals: [
      {
        id: id(`sp ${name}`),
        ...common,
        accountEnabled: true,
        servicePrincipalType: 'Application',
        passwordCredentials: [],
      },
      {
        id: id(`mi ${name}`),
        appId: id(`mi app ${name}`),
        displayName: `${name}-kubelet`,
        accountEnabled: true,
        servicePrincipalType: 'ManagedIdentity',
        keyCredentials: [],
        passwordCredentials: [],
      },
    ],
    applications: [{ id: id(`application ${name}`), ...common, passwordCredentials: [secret] }],
  };
}

function assignmentsOf(
  registryId: string,
  name: string,
  subscriptionId: string,
  { id }: Context,
): (Wire & { id: string })[] {
  const assignment = (principalId: string, role: string): Wire & { id: string } => {
    const assignmentName = id(`assignment ${name} ${principalId}`);
    return {
      properties: {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId,
        principalType: 'ServicePrincipal',
        scope: registryId,
      },
      id: `${registryId}/providers/Microsoft.Authorization/roleAssignments/${assignmentName}`,
      type: 'Microsoft.Authorization/roleAssignments',
      name: assignmentName,
    };
  };
  // AcrPush and AcrPull.
  return [
    assignment(id(`sp ${name}`), '8311e382-0749-4cb8-b61a-304f252e45ec'),
    assignment(id(`mi ${name}`), '7f951dda-4ed3-4680-a7ca-43fe172d538d'),
  ];
}

function pick<T>(draw: () => number, from: readonly [T, ...T[]]): T {
  return from[Math.floor(draw() * from.length)] ?? from[0];
}

function wireTime(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '0000Z');
}

function offsetTime(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '0000+00:00');
}

import type { EstateFile, Wire } from '../../simulator/estate.ts';
import type { Policy } from '../../src/model/policy.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { DAY, fromNow, OTHER_SUB, registryId, SUB, TENANT } from '../build.ts';
import { estateOf, wireRegistry, wireSubscription, wireToken } from '../wire.ts';

const SHOP = registryId('shop');
const PAY = registryId('pay');
const OLD = registryId('old');
const DEV = registryId('dev', OTHER_SUB);

const ACR_PUSH = '8311e382-0749-4cb8-b61a-304f252e45ec';
export const VAULT = 'https://kv-shop.vault.azure.net';

/** Reads a vault too: what a token's copy is judged by. */
export const LAB_POLICY: Policy = {
  ...DEFAULT_POLICY,
  vaults: [{ url: VAULT, tags: { registry: 'acr', token: 'token', password: 'password', applicationId: 'app' } }],
};

function principal(number: number): { id: string; appId: string } {
  return { id: `bbbbbbbb-0000-0000-0000-00000000000${number}`, appId: `dddddddd-0000-0000-0000-00000000000${number}` };
}

export function secret(name: string, endDays: number): Wire {
  return {
    customKeyIdentifier: null,
    displayName: name,
    endDateTime: fromNow(endDays * DAY),
    hint: 'PLA',
    keyId: `eeeeeeee-0000-0000-0000-0000000000${name.padStart(2, '0')}`,
    secretText: null,
    startDateTime: fromNow((endDays - 180) * DAY),
  };
}

export function push(scope: string, number: number): Wire & { id: string } {
  const name = `ffffffff-0000-0000-0000-00000000000${number}`;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PUSH}`,
      principalId: principal(number).id,
      principalType: 'ServicePrincipal',
      scope,
    },
  };
}

export function application(number: number, passwordCredentials: Wire[]): Wire & { id: string } {
  const { appId } = principal(number);
  return {
    id: `abababab-0000-0000-0000-00000000000${number}`,
    appId,
    displayName: `robot-${number}`,
    passwordCredentials,
    keyCredentials: [],
  };
}

function servicePrincipal(number: number): Wire & { id: string } {
  return {
    ...principal(number),
    displayName: `robot-${number}`,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    appOwnerOrganizationId: TENANT,
    passwordCredentials: [],
    keyCredentials: [],
  };
}

/** A third one that pushed to pay was deleted: its assignment is an orphan. */
export const GRAPH = {
  servicePrincipals: [servicePrincipal(1), servicePrincipal(2)],
  applications: [application(1, [secret('11', 2)]), application(2, [secret('21', 20)])],
  groups: [],
  users: [],
  owners: {},
};

export function vaultSecret(name: string, tags: Record<string, string>, endDays: number): Wire {
  const created = Date.parse(fromNow(-200 * DAY)) / 1000;
  return {
    id: `${VAULT}/secrets/${name}`,
    attributes: {
      enabled: true,
      created,
      updated: created,
      exp: Date.parse(fromNow(endDays * DAY)) / 1000,
      recoveryLevel: 'Recoverable',
      recoverableDays: 90,
    },
    tags,
  };
}

export function ends(days: number): Wire {
  return { name: 'password1', expiry: fromNow(days * DAY), creationTime: fromNow((days - 90) * DAY) };
}

/** Two subscriptions, four registries, tokens, principals, a vault: something is wrong with each of them. */
export function labEstate(timeline: NonNullable<EstateFile['timeline']> = TIMELINE): EstateFile {
  return estateOf(
    [
      wireRegistry('shop'),
      wireToken('shop', 'kiosk', [{ name: 'password1', expiry: null }]),
      wireToken('shop', 'till', [ends(5)]),
      wireRegistry('pay', { adminUserEnabled: true, publicNetworkAccess: 'Enabled' }),
      wireToken('pay', 'terminal', [ends(-1)]),
      wireRegistry('old', { publicNetworkAccess: 'Enabled' }, { sku: { name: 'Basic', tier: 'Basic' } }),
      wireRegistry('dev', { adminUserEnabled: true, anonymousPullEnabled: true }, { subscriptionId: OTHER_SUB }),
      push(SHOP, 1),
      push(DEV, 2),
      push(PAY, 3),
      {
        id: `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-shop`,
        name: 'kv-shop',
        type: 'Microsoft.KeyVault/vaults',
        location: 'westeurope',
        properties: { vaultUri: `${VAULT}/`, tenantId: TENANT },
      },
    ],
    {
      subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })],
      graph: GRAPH,
      vaults: { [VAULT]: [vaultSecret('till', { acr: 'shop', token: 'till', password: 'password1' }, 40)] },
      timeline,
    },
  );
}

/** Between the sweeps something goes wrong and something is mended, at each kind of thing. */
export const TIMELINE: NonNullable<EstateFile['timeline']> = [
  { at: '2026-11-24T06:30:00Z', merge: { id: SHOP, properties: { adminUserEnabled: true } } },
  { at: '2026-11-24T06:31:00Z', merge: { id: PAY, properties: { adminUserEnabled: false } } },
  { at: '2026-11-24T06:32:00Z', merge: { id: DEV, properties: { anonymousPullEnabled: false } } },
  { at: '2026-11-24T06:33:00Z', remove: OLD },
  {
    at: '2026-11-24T06:34:00Z',
    graph: { ...GRAPH, applications: [application(1, [secret('12', 170)]), application(2, [secret('22', 10)])] },
  },
  {
    at: '2026-11-24T07:30:00Z',
    merge: { id: `${SHOP}/tokens/kiosk`, properties: { credentials: { passwords: [ends(300)] } } },
  },
  { at: '2026-11-24T07:31:00Z', merge: { id: DEV, properties: { publicNetworkAccess: 'Enabled' } } },
];

/** The same, and at `when` much of what the sweep of the first hour would find is the other way round. */
export function changingEstate(when: string): EstateFile {
  return labEstate([
    ...TIMELINE,
    { at: when, merge: { id: SHOP, properties: { adminUserEnabled: false } } },
    { at: when, merge: { id: PAY, properties: { adminUserEnabled: true } } },
    { at: when, merge: { id: `${SHOP}/tokens/till`, properties: { credentials: { passwords: [ends(400)] } } } },
    {
      at: when,
      graph: { ...GRAPH, applications: [application(1, [secret('11', 2)]), application(2, [secret('23', 300)])] },
    },
  ]);
}

/** The same, as a sweep of the first hour sees it that comes half an hour late. */
export const LATE = labEstate(
  TIMELINE.map((step) => (step.at < '2026-11-24T07' ? step : { ...step, at: '2026-11-24T06:59:30Z' })),
);

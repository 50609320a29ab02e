import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { collectTenant } from '../../src/collect/tenantShard.ts';
import type { Gap } from '../../src/model/gap.ts';
import { isSource, SOURCES } from '../../src/model/source.ts';
import { registryId, SUB, subscription, TENANT } from '../build.ts';
import { estateOf, noMemory, simulated, wireRegistry, wireToken } from '../wire.ts';

const URL = 'https://kv1.vault.azure.net';
const VAULT = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1`;
const TAGS = { registry: 'acr-registry', token: 'acr-token', password: 'acr-password', applicationId: 'acr-app' };
const OF_TOKEN = { 'acr-registry': 'shop', 'acr-token': 'ci', 'acr-password': 'password1' };
// 2026-12-01T00:00:00Z in seconds
const END = 1796083200;

function secret(name: string, tags: Wire | undefined, attributes: Wire = {}): Wire {
  const own = { enabled: true, created: END - 86_400, updated: END, ...attributes };
  return { id: `${URL}/secrets/${name}`, attributes: own, ...(tags && { tags }), value: 'PLANTED-value' };
}

interface Change {
  faults?: NonNullable<Parameters<typeof simulated>[1]>['faults'];
  denied?: { action: string; scope?: string }[];
  seen?: boolean;
  tenantId?: string;
  vaults?: string[];
}

async function read(
  secrets: Wire[],
  { faults = [], denied = [], seen = true, vaults = [URL], tenantId = TENANT }: Change = {},
) {
  const properties = { tenantId, vaultUri: `${URL}/` };
  const vault = { id: VAULT, name: 'kv1', type: 'Microsoft.KeyVault/vaults', properties };
  const passwords = [{ name: 'password1', creationTime: '2026-01-01T00:00:00Z', expiry: '2026-12-01T00:00:00Z' }];
  const resources = [
    wireRegistry('shop'),
    wireRegistry('other'),
    wireToken('shop', 'ci', passwords),
    ...(seen ? [vault] : []),
  ];
  const { azure, simulator } = simulated(estateOf(resources, { vaults: { [URL]: secrets }, denied }), { faults });
  const facts = await collectTenant(azure, {
    tenantId: TENANT,
    subscriptions: [subscription()],
    inScope: () => true,
    needed: new Set(Object.keys(SOURCES).filter(isSource)),
    memory: noMemory(),
    vaults: vaults.map((url) => ({ url, tags: TAGS })),
  });
  return { facts, simulator };
}

test('a copy of a token password, with the token that it is a copy of, and never a value', async () => {
  const { facts, simulator } = await read([secret('acr-ci', OF_TOKEN, { exp: END })]);
  expect(facts.gaps).toEqual([]);
  expect(facts.vaultSecrets).toEqual([
    {
      vaultId: VAULT,
      vaultName: 'kv1',
      name: 'acr-ci',
      enabled: true,
      createdOn: '2026-11-30T00:00:00.000Z',
      expiresOn: '2026-12-01T00:00:00.000Z',
      holds: { type: 'token', registry: 'shop', token: 'ci', password: 'password1' },
    },
  ]);
  expect(facts.vaultedTokens.map(({ name }) => name)).toEqual(['ci']);
  // The tokens of the tenant shard's own are none: each is judged by its subscription.
  expect(facts.tokens).toEqual([]);
  expect(simulator.requests.filter(({ path }) => path.includes('/tokens'))).toHaveLength(1);
  expect(simulator.requests.filter(({ host, path }) => host.startsWith('kv1') && path !== '/secrets')).toEqual([]);
  expect(JSON.stringify(facts)).not.toContain('PLANTED');
});

test.each([
  ['no tags', undefined, undefined],
  ['tags of others', { env: 'prod' }, undefined],
  ['a registry without a token', { 'acr-registry': 'shop' }, undefined],
  [
    'a token without a password',
    { 'acr-registry': 'shop', 'acr-token': 'ci' },
    { type: 'token', registry: 'shop', token: 'ci' },
  ],
  ['an application', { 'acr-app': 'ABCD' }, { type: 'application', appId: 'abcd' }],
])('%s', async (_, tags, expected) => {
  const { facts } = await read([secret('one', tags)]);
  expect(facts.vaultSecrets.map(({ holds }) => holds)).toEqual(expected ? [expected] : []);
});

test('more than a page, disabled ones too', async () => {
  const many = Array.from({ length: 60 }, (_, n) => secret(`s${n}`, OF_TOKEN, { enabled: n % 2 === 0 }));
  const { facts } = await read(many);
  expect(facts.vaultSecrets).toHaveLength(60);
  expect(facts.vaultSecrets.filter(({ enabled }) => enabled)).toHaveLength(30);
});

test('without vaults in the policy nothing is asked', async () => {
  const { simulator } = await read([secret('acr-ci', OF_TOKEN)], { vaults: [] });
  expect(simulator.requests.filter(({ host, path }) => /vault/i.test(host + path))).toEqual([]);
});

test('a vault that ARM does not show is known by its address', async () => {
  const { facts } = await read([secret('acr-ci', OF_TOKEN)], { seen: false });
  expect(facts.vaultSecrets.map(({ vaultId }) => vaultId)).toEqual([URL]);
});

test('a secret that does not say when it was made is known with its end, and a gap of its vault', async () => {
  const { facts } = await read([secret('one', OF_TOKEN, { created: undefined }), secret('two', OF_TOKEN)]);
  expect(facts.vaultSecrets.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(facts.gaps).toMatchObject([{ source: 'vaultSecrets', scope: VAULT, code: 'UnusableAnswer' }]);
});

describe('gaps', () => {
  const refusedWith = (message: string, code?: string) => ({
    kind: 'status' as const,
    status: 403,
    body: JSON.stringify({ error: { code: 'Forbidden', message, ...(code && { innererror: { code } }) } }),
  });
  const ADDRESS =
    'Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.9';
  const CONNECTION =
    'Public network access is disabled and request is not from a trusted service nor via an approved private link.';
  const LIST = { service: 'keyVault', path: /secrets/ };

  test.each<[string, Change, ...Partial<Gap>[]]>([
    [
      'the permission is missing',
      { denied: [{ action: 'vault:list', scope: URL }] },
      { source: 'vaultSecrets', scope: VAULT, permission: 'vault:list' },
    ],
    ...(
      [
        ['its inner code', refusedWith('…', 'ForbiddenByFirewall')],
        ['its other inner code', refusedWith('…', 'ForbiddenByConnection')],
        ['its sentence', refusedWith(ADDRESS)],
        ['its other sentence', refusedWith(CONNECTION)],
      ] as const
    ).map(([by, effect]): [string, Change, Partial<Gap>] => [
      `the firewall keeps us out, which no permission changes: by ${by}`,
      { faults: [{ match: LIST, effect }] },
      { source: 'vaultSecrets', scope: VAULT, code: 'VaultFirewallError' },
    ]),
    [
      'the permission is missing at a vault that is called firewall',
      {
        faults: [
          { match: LIST, effect: refusedWith('Caller is not authorized.\r\nVault: firewall', 'ForbiddenByRbac') },
        ],
      },
      { source: 'vaultSecrets', scope: VAULT, permission: 'vault:list' },
    ],
    [
      'it is in a tenant that we have no token for',
      { tenantId: '99999999-0000-0000-0000-000000000000' },
      { source: 'vaultSecrets', scope: VAULT, code: 'VaultSignInError' },
    ],
    [
      'vaults may not be listed',
      { denied: [{ action: 'Microsoft.KeyVault/vaults/read' }] },
      { source: 'vaults', scope: `/subscriptions/${SUB}` },
      // The vault would go by its address, as another one than it was: findings would be new, and those of before fixed.
      { source: 'vaultSecrets', scope: URL, toldElsewhere: true },
    ],
    [
      'the tokens may not be read, which the subscription tells',
      { denied: [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read' }] },
      { source: 'vaultedTokens', scope: registryId('shop'), toldElsewhere: true },
    ],
    [
      'the tokens cannot be read, here alone perhaps',
      { faults: [{ match: { path: /tokens/ }, effect: { kind: 'status' as const, status: 400 } }] },
      { source: 'vaultedTokens', scope: registryId('shop') },
    ],
    [
      'there is no such vault',
      { vaults: ['https://kv9.vault.azure.net'] },
      { source: 'vaultSecrets', scope: 'https://kv9.vault.azure.net' },
    ],
  ])('%s', async (_, change, ...gaps) => {
    const { facts } = await read([secret('acr-ci', OF_TOKEN)], change);
    expect(facts.gaps).toMatchObject(gaps);
    expect(facts.gaps.map(isToldElsewhere)).toEqual(gaps.map(isToldElsewhere));
    if (gaps.some(({ source }) => source === 'vaultSecrets')) expect(facts.vaultSecrets).toEqual([]);
  });
});

function isToldElsewhere({ toldElsewhere }: Partial<Gap>): boolean {
  return toldElsewhere === true;
}

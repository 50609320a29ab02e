import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readScopeMaps, readTokens } from '../../src/collect/tokens.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId } from '../build.ts';
import { estateOf, simulated, wireRegistry, wireToken } from '../wire.ts';

const SHOP = registryId('shop');
const PULL = `${SHOP}/scopeMaps/_repositories_pull`;

async function read(tokens: Parameters<typeof estateOf>[0] = [], options: Parameters<typeof simulated>[1] = {}) {
  const { azure, simulator } = simulated(estateOf([wireRegistry('shop'), ...tokens]), options);
  const gaps: Gap[] = [];
  return { ...(await readTokens(azure, registry(), gaps)), gaps, simulator };
}

test('a token with its passwords and certificates, and never their values', async () => {
  const { tokens, gaps } = await read([
    wireToken('shop', 'ci', [], {
      credentials: {
        passwords: [
          { name: 'password1', creationTime: '2026-01-01T08:00:00.1234567+00:00', expiry: '2026-12-01T09:00:00+01:00' },
          { name: 'password2', creationTime: '2026-06-01T08:00:00+00:00', expiry: null, value: 'PLANTED-value' },
        ],
        certificates: [
          {
            name: 'certificate1',
            expiry: '2027-01-01T00:00:00Z',
            thumbprint: 'ab',
            encodedPemCertificate: 'PLANTED-pem',
          },
        ],
      },
    }),
  ]);
  expect(gaps).toEqual([]);
  expect(tokens).toEqual([
    {
      id: `${SHOP}/tokens/ci`,
      name: 'ci',
      registryId: SHOP,
      enabled: true,
      createdOn: '2026-01-01T08:00:00.123Z',
      scopeMapId: PULL,
      passwords: [
        { name: 'password1', createdOn: '2026-01-01T08:00:00.123Z', expiresOn: '2026-12-01T08:00:00.000Z' },
        { name: 'password2', createdOn: '2026-06-01T08:00:00.000Z' },
      ],
      certificates: [{ name: 'certificate1', expiresOn: '2027-01-01T00:00:00.000Z' }],
    },
  ]);
});

test.each([
  ['no credentials at all', { credentials: undefined }],
  ['an empty list', { credentials: { passwords: [] } }],
])('a token with %s has no password', async (_what, properties) => {
  const { tokens, gaps } = await read([wireToken('shop', 'ci', [], properties)]);
  expect({ passwords: tokens[0]?.passwords, certificates: tokens[0]?.certificates, gaps }).toEqual({
    passwords: [],
    certificates: [],
    gaps: [],
  });
});

// Peers' defect 8: a null end crashed, became minus 738,000 days, or was skipped.
test.each([
  ['null', { expiry: null }],
  ['absent', {}],
])('peer defect 8: an expiry that is %s never comes', async (_what, expiry) => {
  const { tokens } = await read([wireToken('shop', 'ci', [{ name: 'password1', ...expiry }])]);
  expect(tokens[0]?.passwords).toEqual([{ name: 'password1' }]);
});

describe('a token that cannot be understood is a gap of its registry; the others count', () => {
  const cases: [string, Wire[], Wire, string][] = [
    ['an expiry that is no date', [{ name: 'password1', expiry: 'soon' }], {}, 'which is not a date'],
    ['a password without a name', [{ expiry: null }], {}, 'the name of a password or certificate'],
    ['no status', [], { status: undefined }, 'came without status'],
    ['a status of the future', [], { status: 'paused' }, "status 'paused'"],
  ];
  test.each(cases)('%s', async (_what, passwords, properties, words) => {
    const { tokens, gaps } = await read([
      wireToken('shop', 'bad', passwords, properties),
      wireToken('shop', 'good', []),
    ]);
    expect(tokens.map(({ name }) => name)).toEqual(['good']);
    expect(gaps).toEqual([
      { source: 'tokens', scope: SHOP, code: 'UnusableAnswer', reason: expect.stringContaining(words) },
    ]);
  });
});

test('every page is read', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { tokens } = await read(
    names.map((name) => wireToken('shop', name, [])),
    { pageSize: 2 },
  );
  expect(tokens.map(({ name }) => name)).toEqual(names);
});

test('a token that stands on two pages is one', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => wireToken('shop', name, []));
  const body = JSON.stringify({ value: [b, c] });
  const second = { match: { path: /skiptoken/i }, effect: { kind: 'status' as const, status: 200, body } };
  const { tokens, gaps } = await read(
    [a, b, c].flatMap((one) => one ?? []),
    { pageSize: 2, faults: [second] },
  );
  expect({ names: tokens.map(({ name }) => name), gaps }).toEqual({ names: ['a', 'b', 'c'], gaps: [] });
});

// Peers' defect 9: 403, then an empty list, then green.
test('peer defect 9: 403 is a gap with the permission, not an empty list', async () => {
  const estate = estateOf([wireRegistry('shop')], {
    denied: [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read', scope: SHOP }],
  });
  const gaps: Gap[] = [];
  await readTokens(simulated(estate).azure, registry(), gaps);
  expect(gaps).toEqual([
    {
      source: 'tokens',
      scope: SHOP,
      code: 'AuthorizationFailed',
      reason:
        'cannot read the repository tokens of registry shop: 403, Microsoft.ContainerRegistry/registries/tokens/read is not granted',
      permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
      principalId: '0bde57a1-5a1e-4f0e-9d1c-000000000001',
    },
  ]);
});

describe('a registry that went away between the list and the read', () => {
  const TOKENS_GONE = {
    match: { path: /\/tokens\?/ },
    effect: { kind: 'status' as const, status: 404, code: 'ResourceNotFound' },
  };
  async function readGone(resources: Parameters<typeof estateOf>[0]) {
    const { azure } = simulated(estateOf(resources), { faults: [TOKENS_GONE] });
    const gaps: Gap[] = [];
    return { ...(await readTokens(azure, registry(), gaps)), gaps };
  }
  test('is deleted when its own GET says so', async () => {
    expect(await readGone([])).toEqual({ tokens: [], deleted: true, gaps: [] });
  });
  test('is not deleted when it is still there: its tokens could not be read', async () => {
    const { deleted, gaps } = await readGone([wireRegistry('shop')]);
    expect({ deleted, gaps: gaps.map(({ source, scope }) => ({ source, scope })) }).toEqual({
      deleted: false,
      gaps: [{ source: 'tokens', scope: SHOP }],
    });
  });
});

test.each(['credentials', 'credentials.passwords', 'credentials.certificates'])('%s null is a gap', async (field) => {
  const effect = { kind: 'set' as const, field: `properties.${field}`, value: null };
  const faults = [{ match: { path: /tokens/ }, effect }];
  const { tokens, gaps } = await read([wireToken('shop', 'ci', [])], { faults });
  expect(tokens).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'tokens', scope: SHOP, code: 'UnusableAnswer' }]);
});

describe('scope maps', () => {
  test('a scope map with its actions', async () => {
    const map = {
      id: `${SHOP}/scopeMaps/team`,
      name: 'team',
      type: 'Microsoft.ContainerRegistry/registries/scopeMaps',
      properties: { actions: ['repositories/team/*/content/read'], provisioningState: 'Succeeded' },
    };
    const { azure } = simulated(estateOf([wireRegistry('shop'), map]));
    const gaps: Gap[] = [];
    const maps = await readScopeMaps(azure, registry(), gaps);
    expect({ team: maps.find(({ name }) => name === 'team'), gaps }).toEqual({
      team: { id: map.id, name: 'team', registryId: SHOP, actions: ['repositories/team/*/content/read'] },
      gaps: [],
    });
  });

  test('one without actions is a gap', async () => {
    const faults = [{ match: { path: /scopeMaps/ }, effect: { kind: 'remove' as const, field: 'properties.actions' } }];
    const map = {
      id: `${SHOP}/scopeMaps/team`,
      name: 'team',
      type: 'Microsoft.ContainerRegistry/registries/scopeMaps',
      properties: { actions: [], provisioningState: 'Succeeded' },
    };
    const { azure } = simulated(estateOf([wireRegistry('shop'), map]), { faults });
    const gaps: Gap[] = [];
    await readScopeMaps(azure, registry(), gaps);
    expect(gaps.map(({ source, scope }) => ({ source, scope }))).toEqual([{ source: 'scopeMaps', scope: SHOP }]);
  });
});

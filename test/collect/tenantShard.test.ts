import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import type { EstateFile, SimulatorOptions } from '../../simulator/index.ts';
import { reachOfPrincipals } from '../../src/access/reach.ts';
import type { Azure } from '../../src/azure.ts';
import { collectTenant } from '../../src/collect/tenantShard.ts';
import type { Facts } from '../../src/model/estate.ts';
import { isSource, SOURCES, type Source } from '../../src/model/source.ts';
import { OTHER_SUB, registryId, SUB, subscription, TENANT } from '../build.ts';
import { estateOf, noMemory, simulated, wireRegistry, wireSubscription } from '../wire.ts';

const ACR_PULL = '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d';
const CONTRIBUTOR = '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c';
const STORAGE = '/providers/Microsoft.Authorization/roleDefinitions/eeeeeeee-0000-0000-0000-000000000001';
const AT_TOP = '/providers/Microsoft.Management/managementGroups/top';

function id(kind: string, n = 1): string {
  return `${kind.padEnd(8, '0')}-0000-0000-0000-${String(n).padStart(12, '0')}`;
}

function given(principalId: string, change: Wire & { scope?: string } = {}) {
  const { scope = registryId('shop'), ...properties } = change;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${principalId}`,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: { scope, roleDefinitionId: ACR_PULL, principalId, principalType: 'ServicePrincipal', ...properties },
  };
}

/** A service principal and its application, with one secret of the end that Graph gave. */
function robot(n: number, endDateTime: string | null = '2026-12-01T00:00:00Z') {
  const secret = {
    keyId: id('fee', n),
    displayName: 'gh',
    startDateTime: '2026-01-01T00:00:00Z',
    endDateTime,
    hint: 'PLANTED',
  };
  return {
    servicePrincipal: { id: id('b', n), appId: id('a', n), displayName: `robot ${n}` },
    application: { id: id('d', n), appId: id('a', n), displayName: `robot ${n}`, passwordCredentials: [secret] },
  };
}

function directory(...robots: ReturnType<typeof robot>[]): NonNullable<EstateFile['graph']> {
  return {
    servicePrincipals: robots.map(({ servicePrincipal }) => servicePrincipal),
    applications: robots.map(({ application }) => application),
  };
}

const EVERYTHING = Object.keys(SOURCES).filter(isSource);

async function collect(
  estate: EstateFile,
  options: Omit<SimulatorOptions, 'estate'> = {},
  needed: Source[] = EVERYTHING,
  evenUnread = false,
) {
  const { azure, simulator } = simulated(estate, options);
  const asked = notedQuestions(azure);
  const subscriptions = (estate.subscriptions ?? []).map(({ subscriptionId }) => subscription({ subscriptionId }));
  const facts = await collectTenant(azure, {
    tenantId: TENANT,
    subscriptions,
    inScope: () => true,
    vaults: [],
    needed: new Set(needed),
    memory: noMemory(),
    evenUnread,
  });
  expect(simulator.defects).toEqual([]);
  return { facts, simulator, asked };
}

/** What Graph is asked for from now on: every id of a getByIds, every path of a $batch. */
function notedQuestions({ httpClient }: Azure): string[] {
  const asked: string[] = [];
  const send = httpClient.sendRequest.bind(httpClient);
  httpClient.sendRequest = (request) => {
    const isBoth = /\/(getByIds|\$batch)$/.test(request.url);
    const { ids = [], requests = [] } = isBoth ? JSON.parse(String(request.body)) : {};
    asked.push(...ids, ...requests.map(({ url }: { url: string }) => url));
    return send(request);
  };
  return asked;
}

function shop(assignments: ReturnType<typeof given>[], change: Partial<EstateFile> = {}): EstateFile {
  return estateOf([wireRegistry('shop'), ...assignments], change);
}

function opens(facts: Facts): string[] {
  return [...reachOfPrincipals(facts)].map(([principal, reach]) => `${principal} ${reach.size}`).sort();
}

describe('who stands behind an assignment', () => {
  test('a service principal with its secrets, owners and federated credentials', async () => {
    const one = robot(1);
    const graph = {
      ...directory({
        ...one,
        application: { ...one.application, federatedIdentityCredentials: [{ id: 'f', name: 'github' }] } as never,
      }),
      users: [{ id: id('e'), mail: null, userPrincipalName: 'ana@contoso.com', displayName: 'Ana' }],
      owners: { [id('d')]: [id('e')] },
    };
    const { facts } = await collect(shop([given(id('b'))], { graph }));
    expect(facts.gaps).toEqual([]);
    expect(facts.servicePrincipals).toEqual([
      {
        id: id('b'),
        appId: id('a'),
        displayName: 'robot 1',
        servicePrincipalType: 'Application',
        enabled: true,
        appOwnerTenantId: TENANT,
        secrets: [],
        owners: ['ana@contoso.com'],
      },
    ]);
    expect(facts.applications).toEqual([
      {
        id: id('d'),
        appId: id('a'),
        displayName: 'robot 1',
        secrets: [
          {
            keyId: id('fee'),
            kind: 'password',
            displayName: 'gh',
            startsOn: '2026-01-01T00:00:00.000Z',
            expiresOn: '2026-12-01T00:00:00.000Z',
          },
        ],
        federated: ['github'],
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain('PLANTED');
  });

  test.each([
    ['seven fraction digits', '2026-12-01T00:00:00.1234567Z', '2026-12-01T00:00:00.123Z'],
    ['an offset and no fraction', '2026-12-01T01:00:00+01:00', '2026-12-01T00:00:00.000Z'],
    ['null', null, undefined],
  ])('an end with %s', async (_, endDateTime, expected) => {
    const { facts } = await collect(shop([given(id('b'))], { graph: directory(robot(1, endDateTime)) }));
    expect(facts.applications[0]?.secrets[0]?.expiresOn).toEqual(expected);
  });

  test.each([
    [
      'a date that is none',
      { endDateTime: 'soon' },
      "password fee00000-0000-0000-0000-000000000001 of application robot 1 has endDateTime 'soon', which is not a date",
    ],
    ['no key id', { keyId: null }, 'a password of application robot 1 came without keyId'],
  ])('a credential with %s is a gap of its holder; its others are known', async (_, change, why) => {
    const one = robot(1);
    const [good] = one.application.passwordCredentials;
    const broken = { ...good, ...change } as never;
    const graph = directory({
      ...one,
      application: { ...one.application, passwordCredentials: [broken, { ...good, keyId: 'good' } as never] },
    });
    const { facts } = await collect(shop([given(id('b'))], { graph }));
    expect(facts.applications[0]?.secrets.map(({ keyId }) => keyId)).toEqual(['good']);
    expect(facts.gaps).toMatchObject([
      { source: 'applications', scope: `/servicePrincipals/${id('b')}`, code: 'UnusableAnswer' },
    ]);
    expect(facts.gaps[0]?.reason).toContain(why);
  });

  const WITHOUT: [string, NonNullable<SimulatorOptions['faults']>[number]['effect']][] = [
    ['absent', { kind: 'remove', field: 'FIELD' }],
    ['null', { kind: 'set', field: 'FIELD', value: null }],
  ];
  test.each(
    ['applications', 'servicePrincipals'].flatMap((source) =>
      ['passwordCredentials', 'keyCredentials'].flatMap((field) =>
        WITHOUT.map(([how, effect]) => [source, field, how, { ...effect, field }] as const),
      ),
    ),
  )('%s whose %s are %s: a gap of the holder, not one without', async (source, field, _how, effect) => {
    const path = source === 'applications' ? /applications\?/ : /getByIds/;
    const estate = shop([given(id('b'))], { graph: directory(robot(1)) });
    const { facts } = await collect(estate, { faults: [{ match: { path }, effect }] });
    expect(facts.gaps).toMatchObject([{ source, scope: `/servicePrincipals/${id('b')}`, code: 'UnusableAnswer' }]);
    expect(facts.gaps[0]?.reason).toContain(`came without its list of ${field}`);
    expect(facts.servicePrincipals).toHaveLength(1);
  });

  test('owners: of the application first, of the service principal where it has none, and none', async () => {
    const users = [
      { id: id('e'), mail: 'ana@contoso.com' },
      { id: id('e', 2), displayName: 'Omar' },
    ];
    const owners = { [id('d')]: [id('e')], [id('b')]: [id('e', 2)], [id('b', 2)]: [id('e', 2), id('e', 9)] };
    const graph = { ...directory(robot(1), robot(2), robot(3)), users, owners };
    const { facts } = await collect(shop([given(id('b')), given(id('b', 2)), given(id('b', 3))], { graph }));
    const owned = facts.servicePrincipals.map((one) => [one.displayName, one.owners]).sort();
    expect(owned).toEqual([
      ['robot 1', ['ana@contoso.com']],
      ['robot 2', ['Omar', id('e', 9)]],
      ['robot 3', []],
    ]);
    // An owner of whom only the id came: names are what is missing, not owners.
    expect(facts.gaps).toMatchObject([{ source: 'users', scope: '/users', permission: 'graph:User.ReadBasic.All' }]);
  });

  test.each([
    ['a managed identity', { servicePrincipalType: 'ManagedIdentity' }],
    ['another tenant’s application', { appOwnerOrganizationId: 'other' }],
  ])('%s is known, and nobody asks for its credentials, owners and federated ones', async (_, change) => {
    const one = robot(1);
    const graph = directory({ ...one, servicePrincipal: { ...one.servicePrincipal, ...change } });
    const { facts, simulator } = await collect(shop([given(id('b'))], { graph }));
    expect(facts.servicePrincipals).toHaveLength(1);
    expect(facts.applications).toEqual([]);
    expect(simulator.requests.filter(({ path }) => /applications|batch/.test(path))).toEqual([]);
  });

  test('rights on other services bring nobody into the directory reads', async () => {
    const role = {
      id: STORAGE,
      name: STORAGE.slice(-36),
      type: 'Microsoft.Authorization/roleDefinitions',
      properties: {
        roleName: 'Storage',
        type: 'CustomRole',
        assignableScopes: ['/'],
        permissions: [{ actions: ['Microsoft.Storage/*'], notActions: [], dataActions: [], notDataActions: [] }],
      },
    };
    const assignment = given(id('b'), { scope: `/subscriptions/${SUB}`, roleDefinitionId: STORAGE });
    const { simulator } = await collect(
      estateOf([wireRegistry('shop'), role, assignment], { graph: directory(robot(1)) }),
    );
    expect(simulator.requests.filter(({ service }) => service === 'graph')).toEqual([]);
  });

  test.each([
    ['a sweep', false, [], [], []],
    ['whoever wants to see them all', true, ['robot 1', 'robot 2'], ['robot 1', 'robot 2'], ['sg']],
  ])(
    'whose role could not be read is asked for by nobody but who wants to see them all: %s',
    async (_, even, ...names) => {
      const denied = [{ action: 'Microsoft.Authorization/roleDefinitions/read' }];
      const groups = [{ id: id('c'), displayName: 'sg', members: [id('b', 2)] }];
      const graph = { ...directory(robot(1), robot(2)), groups };
      const all = [given(id('b')), given(id('c'), { principalType: 'Group' })];
      const { facts } = await collect(shop(all, { graph, denied }), {}, EVERYTHING, even);
      const shown = [facts.servicePrincipals, facts.applications, facts.groups];
      expect(shown.map((some) => some.map(({ displayName }) => displayName).sort())).toEqual(names);
    },
  );
});

describe('of whom ARM does not say what they are', () => {
  const UNCLEAR = ['Unknown', 'MSI', 'Application', 'DirectoryObjectOrGroup', 'Everyone', 'NewKind'];
  const graph = {
    ...directory(robot(1), robot(2)),
    groups: [{ id: id('c'), displayName: 'sg', members: [id('b', 2)] }],
    users: [{ id: id('e'), mail: 'ana@contoso.com' }],
  };
  const kindsOf = ({ roleAssignments }: Facts) =>
    Object.fromEntries(roleAssignments.map(({ principalId, principalType }) => [principalId, principalType]));

  test.each(UNCLEAR)('%s: the directory does', async (principalType) => {
    const all = [id('b'), id('c'), id('e')].map((principalId) => given(principalId, { principalType }));
    const { facts } = await collect(shop(all, { graph }));
    expect(facts.gaps).toEqual([]);
    expect(kindsOf(facts)).toEqual({ [id('b')]: 'ServicePrincipal', [id('c')]: 'Group', [id('e')]: 'User' });
    expect(facts.applications.map(({ appId }) => appId).sort()).toEqual([id('a'), id('a', 2)]);
    expect(facts.groups).toEqual([{ id: id('c'), displayName: 'sg', members: [id('b', 2)], groups: [], people: 0 }]);
    expect(facts.people).toEqual([{ id: id('e'), name: 'ana@contoso.com' }]);
  });

  test.each(['serviceprincipal', 'SERVICEPRINCIPAL'])('%s is clear enough', async (principalType) => {
    const { facts } = await collect(shop([given(id('b'), { principalType })], { graph }));
    expect(kindsOf(facts)).toEqual({ [id('b')]: 'ServicePrincipal' });
    expect(facts.applications).toHaveLength(1);
  });

  test.each([...UNCLEAR, 'Device', 'ForeignGroup'])('%s that the directory does not show is not gone', async (kind) => {
    const { facts } = await collect(shop([given(id('f'), { principalType: kind })], { graph }));
    expect({ gaps: facts.gaps, missing: facts.missingPrincipals, groups: facts.groups }).toEqual({
      gaps: [],
      missing: [],
      groups: [],
    });
  });

  test.each([
    [
      'graph:Application.Read.All',
      [
        ['servicePrincipals', '/'],
        ['roleAssignments', given(id('b')).id],
        ['roleAssignments', given(id('c')).id],
      ],
    ],
    ['graph:GroupMember.Read.All', [['groups', '/']]],
  ])('without %s a gap', async (action, expected) => {
    const all = [id('b'), id('c')].map((principalId) => given(principalId, { principalType: 'Unknown' }));
    const { facts } = await collect(shop(all, { graph, denied: [{ action }] }));
    expect(facts.gaps.map(({ source, scope }) => [source, scope])).toEqual(expect.arrayContaining(expected));
    expect(facts.missingPrincipals).toEqual([]);
  });
});

describe('an answer that is not as promised', () => {
  const two = [given(id('b')), given(id('b', 2))];

  test('a principal of which only the id came is a gap, is not gone, and takes no other with it', async () => {
    const [good] = directory(robot(1)).servicePrincipals ?? [];
    const value = [
      { '@odata.type': '#microsoft.graph.servicePrincipal', passwordCredentials: [], keyCredentials: [], ...good },
      { '@odata.type': '#microsoft.graph.servicePrincipal', id: id('b', 2), appId: null },
    ];
    const effect = { kind: 'status' as const, status: 200, body: JSON.stringify({ value }) };
    const faults = [{ match: { path: /getByIds/ }, effect }];
    const { facts } = await collect(shop(two, { graph: directory(robot(1), robot(2)) }), { faults });
    expect(facts.servicePrincipals.map((one) => one.displayName)).toEqual(['robot 1']);
    expect(facts.missingPrincipals).toEqual([]);
    expect(facts.gaps).toMatchObject([{ source: 'servicePrincipals', scope: `/servicePrincipals/${id('b', 2)}` }]);
  });

  test('refused for people and groups, the principals are asked for alone', async () => {
    const effect = { kind: 'status' as const, status: 403, code: 'Authorization_RequestDenied', message: 'no' };
    const faults = [{ match: { path: /getByIds/, times: 1 }, effect }];
    const { facts } = await collect(shop(two, { graph: directory(robot(1), robot(2)) }), { faults });
    expect(facts.gaps).toEqual([]);
    expect(facts.servicePrincipals).toHaveLength(2);
  });

  test('who is on a second page is not gone, and who is on both is one', async () => {
    const [one, other] = [robot(1), robot(2)].map(({ servicePrincipal }) => ({
      '@odata.type': '#microsoft.graph.servicePrincipal',
      passwordCredentials: [],
      keyCredentials: [],
      ...servicePrincipal,
    }));
    const next = 'https://graph.microsoft.com/v1.0/directoryObjects/getByIds?$skiptoken=2';
    const pages = [{ value: [one], '@odata.nextLink': next }, { value: [one, other] }].map((page) =>
      JSON.stringify(page),
    );
    const faults = pages.map((body, index) => ({
      match: { path: index === 0 ? /getByIds$/ : /getByIds\?/ },
      effect: { kind: 'status' as const, status: 200, body },
    }));
    const { facts } = await collect(shop(two, { graph: directory(robot(1), robot(2)) }), { faults });
    expect({ gaps: facts.gaps, missing: facts.missingPrincipals }).toEqual({ gaps: [], missing: [] });
    expect(facts.servicePrincipals.map(({ displayName }) => displayName).sort()).toEqual(['robot 1', 'robot 2']);
  });

  describe('an application that the list leaves out', () => {
    const robots = [robot(1), robot(2)];
    const [, kept] = robots;
    const list = { value: [{ ...kept?.application, keyCredentials: [] }] };
    const leavesOut = {
      match: { path: /applications\?/ },
      effect: { kind: 'status' as const, status: 200, body: JSON.stringify(list) },
    };
    const place = `/servicePrincipals/${id('b')}`;
    const ownersIn = ({ servicePrincipals }: Facts) =>
      Object.fromEntries(servicePrincipals.map(({ displayName, owners }) => [displayName, owners]));

    test('is a gap of its service principal while it is there, and nobody says who owns it', async () => {
      const { facts } = await collect(shop(two, { graph: directory(...robots) }), { faults: [leavesOut] });
      expect(facts.gaps).toMatchObject([{ source: 'applications', scope: place, code: 'Contradiction' }]);
      expect(ownersIn(facts)).toEqual({ 'robot 1': undefined, 'robot 2': [] });
    });

    test('is a gap where it cannot be asked for', async () => {
      const broken = { match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 400 } };
      const { facts } = await collect(shop(two, { graph: directory(...robots) }), { faults: [leavesOut, broken] });
      expect(facts.gaps).toMatchObject([{ source: 'applications', scope: place, code: 'SimulatedFault' }]);
    });

    test('is deleted where it is not there either: no gap', async () => {
      const graph = { ...directory(...robots), applications: directory(robot(2)).applications ?? [] };
      const { facts } = await collect(shop(two, { graph }));
      expect(facts.gaps).toEqual([]);
      expect(facts.applications.map(({ appId }) => appId)).toEqual([id('a', 2)]);
      expect(ownersIn(facts)).toEqual({ 'robot 1': [], 'robot 2': [] });
    });
  });

  test('the list of applications breaks on its second page: a gap, and what came is kept', async () => {
    const effect = { kind: 'status' as const, status: 400, code: 'BadRequest', message: 'no' };
    const faults = [{ match: { path: /applications\?/, nth: 2 }, effect }];
    const robots = Array.from({ length: 1100 }, (_, n) => robot(n));
    const given1100 = robots.map(({ servicePrincipal }) => given(servicePrincipal.id));
    const { facts } = await collect(shop(given1100, { graph: directory(...robots) }), { faults });
    expect(facts.applications).toHaveLength(999);
    // Those whose application did not come are not called ownerless.
    expect(facts.servicePrincipals.filter(({ owners }) => owners === undefined)).toHaveLength(101);
    expect(facts.gaps).toMatchObject([{ source: 'applications', scope: '/' }]);
  });
});

test.each([
  ['is missing, which its own shard tells', 403, { toldElsewhere: true }],
  [
    'is there, but the list fails for us',
    400,
    { toldAt: { resourceId: `/subscriptions/${SUB}`, subject: 'registries, tenant' } },
  ],
])('the right to list the registries of a subscription %s', async (_, status, told) => {
  const effect = { kind: 'status' as const, status, code: 'AuthorizationFailed', message: 'no' };
  const { facts } = await collect(shop([]), { faults: [{ match: { path: /registries\?/ }, effect }] });
  expect(facts.gaps).toMatchObject([{ source: 'registries', scope: `/subscriptions/${SUB}`, ...told }]);
});

describe('who is gone', () => {
  const principals = { ServicePrincipal: id('b', 7), Group: id('c', 7), User: id('e', 7), ForeignGroup: id('f', 7) };
  const all = Object.entries(principals).map(([principalType, principalId]) => given(principalId, { principalType }));

  test('a service principal, a group and a person that the directory does not have; never a foreign group', async () => {
    const { facts } = await collect(shop(all));
    expect(facts.gaps).toEqual([]);
    const { ServicePrincipal, Group, User } = principals;
    expect(facts.missingPrincipals.sort()).toEqual([ServicePrincipal, Group, User]);
  });

  test.each([
    ['graph:User.ReadBasic.All', 'users', '/users', [principals.ServicePrincipal, principals.Group]],
    ['graph:GroupMember.Read.All', 'groups', '/', [principals.ServicePrincipal, principals.User]],
    ['graph:Application.Read.All', 'servicePrincipals', '/', [principals.Group, principals.User]],
  ])('without %s nothing of that kind is called gone', async (action, source, scope, missing) => {
    const { facts } = await collect(shop(all, { denied: [{ action }] }));
    expect(facts.gaps).toMatchObject([{ source, scope, permission: action }]);
    expect(facts.missingPrincipals.sort()).toEqual(missing);
  });

  test('people and groups that are there', async () => {
    const graph = {
      groups: [{ id: id('c', 7), displayName: 'sg', members: [] }],
      users: [{ id: id('e', 7), mail: 'ana@contoso.com' }],
    };
    const { facts } = await collect(shop(all, { graph }));
    expect(facts.missingPrincipals).toEqual([principals.ServicePrincipal]);
    expect(facts.people).toEqual([{ id: id('e', 7), name: 'ana@contoso.com' }]);
  });
});

test('an application whose id comes in other letter case is the same application', async () => {
  const { servicePrincipal, application } = robot(1);
  const graph = {
    servicePrincipals: [servicePrincipal],
    applications: [{ ...application, appId: id('a').toUpperCase(), federatedIdentityCredentials: [{ name: 'gh' }] }],
    users: [{ id: id('e'), mail: 'ana@contoso.com' }],
    owners: { [id('d')]: [id('e')] },
  };
  const { facts } = await collect(shop([given(id('b'))], { graph }));
  expect(facts.applications).toMatchObject([{ secrets: [{ keyId: id('fee', 1) }], federated: ['gh'] }]);
  expect(facts.servicePrincipals).toMatchObject([{ owners: ['ana@contoso.com'] }]);
});

describe('groups', () => {
  const OF_GROUP = [given(id('c'), { principalType: 'Group' })];

  test('nested, in a circle: the principals inside are members, people are counted', async () => {
    const groups = [
      { id: id('c'), displayName: 'outer', members: [id('c', 2), id('e')] },
      { id: id('c', 2), displayName: 'inner', members: [id('c'), id('b'), id('e', 2)] },
    ];
    const graph = { ...directory(robot(1)), groups, users: [{ id: id('e') }, { id: id('e', 2) }] };
    const { facts } = await collect(shop(OF_GROUP, { graph }));
    expect(facts.groups).toEqual([
      { id: id('c'), displayName: 'outer', members: [id('b')], groups: [id('c', 2)], people: 2 },
    ]);
    expect(opens(facts)).toEqual([`${id('b')} 1`, `${id('c')} 1`]);
    expect(facts.applications.map(({ appId }) => appId)).toEqual([id('a')]);
  });

  test('20,000 people and 2,500 robots: a handful of requests, every robot', async () => {
    const people = Array.from({ length: 20_000 }, (_, n) => ({ id: id('e', n) }));
    const robots = Array.from({ length: 2500 }, (_, n) => robot(n));
    const members = [...people, ...robots.map(({ servicePrincipal }) => servicePrincipal)].map((one) => one.id);
    const graph = { ...directory(...robots), users: people, groups: [{ id: id('c'), displayName: 'all', members }] };
    const { facts, simulator } = await collect(shop(OF_GROUP, { graph }));
    expect(facts.gaps).toEqual([]);
    expect(facts.groups[0]?.people).toBe(20_000);
    expect(facts.groups[0]?.members).toHaveLength(2500);
    expect(facts.servicePrincipals).toHaveLength(2500);
    const inGroup = simulator.requests.filter(({ path }) => /transitiveMembers|getByIds/.test(path));
    // The first page came in the batch: two more; who they are, and the group: four times a thousand.
    expect(inGroup).toHaveLength(6);
  });

  test('one that cannot be read hides what it reaches, and no more', async () => {
    const groups = [
      { id: id('c'), displayName: 'sg', members: [id('b')] },
      { id: id('c', 2), displayName: 'other', members: [id('b', 2)] },
    ];
    const assignments = [...OF_GROUP, given(id('c', 2), { principalType: 'Group' })];
    const part = { id: '0', status: 404, headers: {}, body: { error: { code: 'UnknownError', message: 'try again' } } };
    const broken = { ...part, status: 400 };
    const good = { ...part, status: 200, body: { value: [], '@odata.count': 0 } };
    const body = JSON.stringify({
      responses: [
        broken,
        { ...good, id: '1' },
        { ...good, id: '2' },
        { ...good, id: '3', body: { value: [{ id: id('b', 2) }] } },
        { ...good, id: '4' },
        { ...good, id: '5' },
      ],
    });
    const faults = [{ match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 200, body } }];
    const { facts } = await collect(shop(assignments, { graph: { ...directory(robot(1), robot(2)), groups } }), {
      faults,
    });
    expect(facts.groups.map(({ members }) => members)).toEqual([undefined, [id('b', 2)]]);
    expect(facts.gaps).toMatchObject([
      { source: 'groups', scope: `/groups/${id('c')}`, code: 'UnknownError', blinds: [`/subscriptions/${SUB}`] },
    ]);
  });

  test('one that is refused while another is read is not a missing permission', async () => {
    const groups = [
      { id: id('c'), displayName: 'sg', members: [id('b')] },
      { id: id('c', 2), displayName: 'other', members: [id('b', 2)] },
    ];
    const assignments = [...OF_GROUP, given(id('c', 2), { principalType: 'Group' })];
    const throttled = (n: string) => ({
      id: n,
      status: 429,
      headers: {},
      body: { error: { code: 'TooManyRequests' } },
    });
    const body = JSON.stringify({ responses: ['0', '1', '2', '3', '4', '5'].map(throttled) });
    const refused = { kind: 'status' as const, status: 403, code: 'Authorization_RequestDenied' };
    const faults = [
      { match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 200, body } },
      { match: { path: new RegExp(`groups/${id('c')}/`) }, effect: refused },
    ];
    const graph = { ...directory(robot(1), robot(2)), groups };
    const { facts } = await collect(shop(assignments, { graph }), { faults });
    expect(facts.groups.map(({ members }) => members)).toEqual([undefined, [id('b', 2)]]);
    expect(facts.gaps).toEqual([
      {
        source: 'groups',
        scope: `/groups/${id('c')}`,
        code: 'Authorization_RequestDenied',
        reason: `cannot read the members of group ${id('c')}: it is refused, although other groups can be read`,
        blinds: [`/subscriptions/${SUB}`],
      },
    ]);
  });

  describe('a 404 that is not about a group makes none of them missing', () => {
    const gone = { kind: 'status' as const, status: 404, code: 'Request_ResourceNotFound' };
    const many = Array.from({ length: 1500 }, (_, n) => robot(n));
    const members = many.map(({ servicePrincipal }) => servicePrincipal.id);
    const missing = { status: 404, headers: {}, body: { error: { code: gone.code, message: 'does not exist' } } };
    const contradiction = JSON.stringify({ responses: ['0', '1', '2'].map((part) => ({ ...missing, id: part })) });
    const cases: [string, NonNullable<SimulatorOptions['faults']>[number]][] = [
      ['of the batch', { match: { path: /batch/ }, effect: gone }],
      ['of a further page', { match: { path: /transitiveMembers.*skiptoken/i }, effect: gone }],
      [
        'of one that the directory has shown just now',
        { match: { path: /batch/, times: 1 }, effect: { kind: 'status', status: 200, body: contradiction } },
      ],
    ];
    test.each(cases)('%s', async (_what, fault) => {
      const graph = { ...directory(...many), groups: [{ id: id('c'), displayName: 'sg', members }] };
      const { facts } = await collect(shop(OF_GROUP, { graph }), { faults: [fault] });
      expect(facts.missingPrincipals).toEqual([]);
      expect(facts.groups).toMatchObject([{ id: id('c'), displayName: 'sg' }]);
      expect(facts.groups[0]).not.toHaveProperty('members');
      expect(facts.gaps).toMatchObject([{ source: 'groups', scope: `/groups/${id('c')}` }]);
    });
  });

  test('whose people cannot be counted, or whose groups cannot be read: not none, and the others are known', async () => {
    const graph = { ...directory(robot(1)), groups: [{ id: id('c'), displayName: 'sg', members: [id('b')] }] };
    const refused = { status: 400, headers: {}, body: { error: { code: 'UnknownError', message: 'try again' } } };
    const good = { status: 200, headers: {}, body: { value: [{ id: id('b') }], '@odata.count': 1 } };
    const responses = [good, refused, refused].map((part, index) => ({ ...part, id: String(index) }));
    const body = JSON.stringify({ responses });
    const faults = [{ match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 200, body } }];
    const { facts } = await collect(shop(OF_GROUP, { graph }), { faults });
    expect(facts.groups).toEqual([{ id: id('c'), displayName: 'sg', members: [id('b')] }]);
    expect(facts.gaps).toMatchObject([{ source: 'groups', scope: `/groups/${id('c')}` }]);
  });

  test.each([
    ['a member without id', /graph.servicePrincipal/, { value: [{}] }, { groups: [], people: 1 }],
    ['no count of people', /graph.user/, { value: [{ id: id('e') }] }, { members: [id('b')], groups: [] }],
    ['a count that is none', /graph.user/, { '@odata.count': 'x', value: [] }, { members: [id('b')], groups: [] }],
  ])('%s: a gap, and what is left is known', async (_what, path, answer, known) => {
    const groups = [{ id: id('c'), displayName: 'sg', members: [id('b'), id('e')] }];
    const graph = { ...directory(robot(1)), groups, users: [{ id: id('e') }] };
    const throttled = (n: string) => ({
      id: n,
      status: 429,
      headers: {},
      body: { error: { code: 'TooManyRequests' } },
    });
    const body = JSON.stringify({ responses: ['0', '1', '2'].map(throttled) });
    const faults = [
      { match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 200, body } },
      { match: { path }, effect: { kind: 'status' as const, status: 200, body: JSON.stringify(answer) } },
    ];
    const { facts } = await collect(shop(OF_GROUP, { graph }), { faults });
    expect(facts.groups).toEqual([{ id: id('c'), displayName: 'sg', ...known }]);
    expect(facts.gaps).toMatchObject([{ source: 'groups', scope: `/groups/${id('c')}`, code: 'UnusableAnswer' }]);
  });

  test('throttled inside a batch: asked again alone', async () => {
    const graph = { ...directory(robot(1)), groups: [{ id: id('c'), displayName: 'sg', members: [id('b')] }] };
    const throttled = {
      status: 429,
      headers: { 'retry-after': '1' },
      body: { error: { code: 'TooManyRequests', message: 'slow down' } },
    };
    const body = JSON.stringify({ responses: ['0', '1', '2'].map((part) => ({ ...throttled, id: part })) });
    const faults = [{ match: { path: /batch/, times: 1 }, effect: { kind: 'status' as const, status: 200, body } }];
    const { facts } = await collect(shop(OF_GROUP, { graph }), { faults });
    expect(facts.gaps).toEqual([]);
    expect(facts.groups[0]?.members).toEqual([id('b')]);
  });

  test('owners come in the order of their names, whatever order Graph has today', async () => {
    const users = ['zoe@contoso.com', 'ana@contoso.com'].map((mail, n) => ({ id: id('e', n), mail }));
    const graph = { ...directory(robot(1)), users, owners: { [id('d')]: users.map((user) => user.id) } };
    const { facts } = await collect(shop([given(id('b'))], { graph }));
    expect(facts.servicePrincipals[0]?.owners).toEqual(['ana@contoso.com', 'zoe@contoso.com']);
  });

  test('a batch without one of its answers is a gap, not an empty group', async () => {
    const graph = { ...directory(robot(1)), groups: [{ id: id('c'), displayName: 'sg', members: [id('b')] }] };
    const faults = [
      {
        match: { path: /batch/, times: 1 },
        effect: { kind: 'status' as const, status: 200, body: '{"responses":[]}' },
      },
    ];
    const { facts } = await collect(shop(OF_GROUP, { graph }), { faults });
    expect(facts.groups[0]?.members).toBeUndefined();
    expect(facts.gaps).toMatchObject([{ source: 'groups', code: 'UnusableAnswer' }]);
  });
});

describe('how much is asked', () => {
  const SUBSCRIPTIONS = Array.from({ length: 20 }, (_, n) => id('5', n));

  test('each principal, group and role once, however many subscriptions; an inherited assignment once', async () => {
    const robots = Array.from({ length: 45 }, (_, n) => robot(n));
    const groups = Array.from({ length: 12 }, (_, n) => ({
      id: id('c', n),
      displayName: `sg ${n}`,
      members: [id('b', n)],
    }));
    const assignments = [
      ...robots.map(({ servicePrincipal }) => given(servicePrincipal.id, { scope: AT_TOP })),
      ...groups.map((group) =>
        given(group.id, { scope: AT_TOP, principalType: 'Group', roleDefinitionId: CONTRIBUTOR }),
      ),
    ];
    const registries = SUBSCRIPTIONS.map((subscriptionId, n) => wireRegistry(`shop${n}`, {}, { subscriptionId }));
    const estate = estateOf([...registries, ...assignments], {
      subscriptions: SUBSCRIPTIONS.map((subscriptionId) => wireSubscription({ subscriptionId })),
      managementGroups: { top: { parent: null, subscriptions: SUBSCRIPTIONS } },
      graph: { ...directory(...robots), groups },
    });
    const { facts, simulator } = await collect(estate);
    expect(facts.gaps).toEqual([]);
    expect(facts.roleAssignments).toHaveLength(57);
    const count = (path: RegExp): number => simulator.requests.filter((one) => path.test(one.path)).length;
    expect({
      registries: count(/registries$/),
      assignments: count(/roleAssignments$/),
      clusters: count(/managedClusters$/),
      roles: count(/roleDefinitions\//),
      getByIds: count(/getByIds/),
      applications: count(/applications$/),
      // 36 reads of groups, 45 of federated credentials, 45 of owners and again 45 where an application has none
      batches: count(/\$batch/),
      all: simulator.requests.length,
    }).toEqual({
      registries: 20,
      assignments: 20,
      clusters: 20,
      roles: 2,
      // one for the groups, since whoever is in them is asked for with the others
      getByIds: 2,
      applications: 1,
      batches: 2 + 3 + 3 + 3,
      all: 20 + 20 + 20 + 2 + 2 + 1 + 11,
    });
  });

  test('whoever holds roles under several kinds, and is in a group, is asked for once', async () => {
    const kinds = ['ServicePrincipal', 'MSI', 'Unknown', 'Application'];
    const all = kinds.map((principalType, n) => given(id('b', n), { principalType }));
    const twice = given(id('b', 2), { scope: AT_TOP });
    const group = given(id('c'), { principalType: 'Group' });
    const person = given(id('e'), { principalType: 'Unknown' });
    const estate = shop([...all, twice, group, person], {
      managementGroups: { top: { parent: null, subscriptions: [SUB] } },
      graph: {
        ...directory(...kinds.map((_, n) => robot(n))),
        groups: [{ id: id('c'), displayName: 'sg', members: kinds.map((_, n) => id('b', n)) }],
        users: [{ id: id('e'), mail: 'ana@contoso.com' }],
      },
    });
    const { facts, asked } = await collect(estate);
    expect(facts.gaps).toEqual([]);
    expect(facts.servicePrincipals.map((one) => one.id).sort()).toEqual(kinds.map((_, n) => id('b', n)));
    expect(facts.people).toEqual([{ id: id('e'), name: 'ana@contoso.com' }]);
    expect(facts.missingPrincipals).toEqual([]);
    expect(asked.sort()).toEqual([...new Set(asked)]);
    expect(asked).toEqual(expect.arrayContaining([id('b', 1), id('e')]));
  });

  test('what no check needs is not asked for, and its permission is not missed', async () => {
    const denied = [
      { action: 'Microsoft.ContainerService/managedClusters/read' },
      { action: 'graph:User.ReadBasic.All' },
    ];
    const estate = shop([given(id('b')), given(id('e'), { principalType: 'User' })], {
      graph: directory(robot(1)),
      denied,
    });
    const needed = EVERYTHING.filter((source) => source !== 'clusters' && source !== 'users');
    expect((await collect(estate, {}, needed)).facts.gaps).toEqual([]);
  });

  test('an assignment at a scope that nobody can see still holds in the subscriptions whose lists have it', async () => {
    const estate = estateOf([wireRegistry('shop'), given(id('b'), { scope: AT_TOP })], {
      subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB })],
      managementGroups: { top: { parent: null, subscriptions: [SUB] } },
      graph: directory(robot(1)),
    });
    const { facts } = await collect(estate);
    expect(facts.roleAssignments.map(({ seenIn }) => seenIn)).toEqual([[SUB]]);
    expect(opens(facts)).toEqual([`${id('b')} 1`]);
  });
});

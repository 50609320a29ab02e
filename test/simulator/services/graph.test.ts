import { describe, expect, test } from 'vitest';
import { ask, failure, fieldOf, graph, pagesOf, simulatorOf, TENANT } from '../ask.ts';

const secret = {
  keyId: 'k1',
  hint: 'abc',
  secretText: null,
  startDateTime: '2026-01-01T00:00:00Z',
  endDateTime: '2026-12-01T00:00:00Z',
};
const application = { id: 'app-object', appId: 'app-1', displayName: 'ci', passwordCredentials: [secret] };
const principal = { id: 'SP-Object', appId: 'app-1', displayName: 'ci', servicePrincipalType: 'Application' };
const identity = { id: 'mi-object', appId: 'app-2', displayName: 'kubelet', servicePrincipalType: 'ManagedIdentity' };
const user = { id: 'user-object', displayName: 'Ana', mail: 'ana@contoso.com', userPrincipalName: 'ana@contoso.com' };
const estate = {
  graph: {
    applications: [application],
    servicePrincipals: [principal, identity],
    users: [user],
    groups: [
      { id: 'outer', displayName: 'outer', members: ['inner', 'user-object'] },
      { id: 'inner', displayName: 'inner', members: ['SP-Object', 'outer', 'mi-object', 'nobody-knows'] },
    ],
    owners: { 'APP-object': ['user-object', 'gone-user'] },
  },
};
const METADATA = 'https://graph.microsoft.com/v1.0/$metadata#';

describe('lists', () => {
  test('select, with the context of the selection', async () => {
    const { body, headers } = await graph(
      simulatorOf(estate),
      '/applications?$select=id,passwordCredentials,notes&$top=999',
    );
    expect(body).toEqual({
      '@odata.context': `${METADATA}applications(id,passwordCredentials,notes)`,
      value: [{ id: 'app-object', passwordCredentials: [secret], notes: null }],
    });
    expect([headers.get('x-ms-resource-unit'), headers.get('odata-version')]).toEqual(['1', '4.0']);
  });

  test('a whole object has what Graph always sends, and no relations', async () => {
    const federated = { ...application, federatedIdentityCredentials: [{ id: 'f1' }] };
    const { body } = await graph(simulatorOf({ graph: { applications: [federated] } }), '/applications');
    expect(body).toEqual({
      '@odata.context': `${METADATA}applications`,
      value: [{ deletedDateTime: null, keyCredentials: [], ...application }],
    });
  });

  test('the public key of a certificate is null unless keyCredentials is selected', async () => {
    const keys = [{ keyId: 'c1', type: 'AsymmetricX509Cert', key: 'MIIC', endDateTime: '2027-01-01T00:00:00Z' }];
    const simulator = simulatorOf({ graph: { applications: [{ ...application, keyCredentials: keys }] } });
    expect(fieldOf(await graph(simulator, '/applications'), 'keyCredentials')).toEqual([[{ ...keys[0], key: null }]]);
    expect(fieldOf(await graph(simulator, '/applications?$select=keyCredentials'), 'keyCredentials')).toEqual([keys]);
  });

  test('pages by nextLink with $top', async () => {
    const servicePrincipals = ['a', 'b', 'c'].map((id) => ({ id }));
    const simulator = simulatorOf({ graph: { servicePrincipals } });
    const pages = await pagesOf(
      simulator,
      await graph(simulator, '/servicePrincipals?$top=2&$select=id'),
      '@odata.nextLink',
    );
    expect(pages.map((page) => fieldOf(page, 'id'))).toEqual([['a', 'b'], ['c']]);
    const exact = await graph(simulator, '/servicePrincipals?$top=3');
    expect(await pagesOf(simulator, exact, '@odata.nextLink')).toHaveLength(1);
  });

  test.each([
    ["appId eq 'app-2'", ['mi-object']],
    ["appId in ('app-1', 'app-2')", ['SP-Object', 'mi-object']],
    ["id eq 'sp-object'", ['SP-Object']],
    ["servicePrincipalType eq 'ManagedIdentity' and appId eq 'app-2'", ['mi-object']],
    ["startswith(displayName,'KUBE')", ['mi-object']],
    ["appId eq 'app-1' or appId eq 'app-2'", ['SP-Object', 'mi-object']],
  ])('$filter=%s', async (filter, ids) => {
    expect(
      fieldOf(await graph(simulatorOf(estate), `/servicePrincipals?$filter=${encodeURIComponent(filter)}`), 'id'),
    ).toEqual(ids);
  });

  test.each([
    [
      'more than 15 values',
      `/servicePrincipals?$filter=appId in (${Array.from({ length: 16 }, (_, index) => `'a${index}'`).join(',')})`,
    ],
    ['a field Graph cannot filter by', "/applications?$filter=passwordCredentials eq 'x'"],
    ['a page too long', '/applications?$top=1000'],
    ['an option the simulator does not know', '/applications?$orderby=displayName'],
    ['expanding something else', '/applications?$expand=extensionProperties'],
    ['a cast without its header', '/groups/outer/transitiveMembers/microsoft.graph.servicePrincipal'],
  ])('%s is refused', async (_name, path) => {
    expect(failure(await graph(simulatorOf(estate), path))).toEqual([400, 'Request_UnsupportedQuery']);
  });
});

describe('one object', () => {
  test('by id in any letter case, and by appId', async () => {
    const simulator = simulatorOf(estate);
    const expected = {
      '@odata.context': `${METADATA}servicePrincipals(id,appId)/$entity`,
      id: 'SP-Object',
      appId: 'app-1',
    };
    expect((await graph(simulator, '/servicePrincipals/sp-OBJECT?$select=id,appId')).body).toEqual(expected);
    expect((await graph(simulator, "/servicePrincipals(appId='app-1')?$select=id,appId")).body).toEqual(expected);
    expect(failure(await graph(simulator, '/servicePrincipals/nobody'))).toEqual([404, 'Request_ResourceNotFound']);
  });

  test('owners: one that is gone from the directory comes with its id alone', async () => {
    const simulator = simulatorOf(estate);
    const ana = { '@odata.type': '#microsoft.graph.user', id: 'user-object', mail: 'ana@contoso.com' };
    expect((await graph(simulator, '/applications/app-object/owners?$select=id,mail')).body).toEqual({
      '@odata.context': `${METADATA}directoryObjects(id,mail)`,
      value: [ana, { id: 'gone-user' }],
    });
    const expanded = await graph(simulator, '/applications?$select=id&$expand=owners($select=id,mail)');
    expect(expanded.body).toMatchObject({ value: [{ id: 'app-object', owners: [ana, { id: 'gone-user' }] }] });
  });

  test('federated credentials', async () => {
    const one = {
      id: 'f1',
      name: 'github',
      issuer: 'https://token.actions.githubusercontent.com',
      audiences: ['api://AzureADTokenExchange'],
    };
    const simulator = simulatorOf({
      graph: { applications: [{ ...application, federatedIdentityCredentials: [one] }] },
    });
    const where = `https://graph.microsoft.com/v2/${TENANT}/directoryObjects/$/Microsoft.DirectoryServices.Application('app-object')`;
    expect((await graph(simulator, "/applications(appId='app-1')/federatedIdentityCredentials")).body).toEqual({
      '@odata.context': `${METADATA}applications('app-object')/federatedIdentityCredentials`,
      value: [{ '@odata.id': `${where}/federatedIdentityCredentials/f1`, ...one }],
    });
  });
});

describe('groups', () => {
  const advanced = { headers: { ConsistencyLevel: 'eventual' } };

  test('members, and members of members; a loop ends', async () => {
    const simulator = simulatorOf(estate);
    expect(fieldOf(await graph(simulator, '/groups/outer/members'), 'id')).toEqual(['inner', 'user-object']);
    expect(fieldOf(await graph(simulator, '/groups/OUTER/transitiveMembers'), 'id')).toEqual([
      'inner',
      'user-object',
      'SP-Object',
      'mi-object',
      'nobody-knows',
    ]);
  });

  test('a cast keeps one kind, and counts it', async () => {
    const path = '/groups/outer/transitiveMembers/microsoft.graph.servicePrincipal?$count=true&$select=id';
    expect((await graph(simulatorOf(estate), path, advanced)).body).toMatchObject({
      '@odata.count': 2,
      value: [
        { '@odata.type': '#microsoft.graph.servicePrincipal', id: 'SP-Object' },
        { '@odata.type': '#microsoft.graph.servicePrincipal', id: 'mi-object' },
      ],
    });
  });
});

describe('getByIds', () => {
  const getByIds = (body: object, denied: { action: string }[] = []) =>
    graph(simulatorOf({ ...estate, denied }), '/directoryObjects/getByIds', { method: 'POST', body });

  test('typed objects; ids that are nobody are absent', async () => {
    const answer = await getByIds({
      ids: ['sp-object', 'nobody', 'mi-object', 'user-object'],
      types: ['ServicePrincipal'],
    });
    expect(answer.headers.get('x-ms-resource-unit')).toBe('3');
    expect(fieldOf(answer, 'id')).toEqual(['SP-Object', 'mi-object']);
    expect(fieldOf(answer, '@odata.type')).toEqual([
      '#microsoft.graph.servicePrincipal',
      '#microsoft.graph.servicePrincipal',
    ]);
  });

  test('without types every kind, less those the caller may not read', async () => {
    const ids = ['sp-object', 'user-object', 'outer', 'app-object'];
    expect(fieldOf(await getByIds({ ids }), 'id')).toEqual(['SP-Object', 'user-object', 'outer', 'app-object']);
    const denied = [{ action: 'graph:User.ReadBasic.All' }, { action: 'graph:GroupMember.Read.All' }];
    expect(fieldOf(await getByIds({ ids }, denied), 'id')).toEqual(['SP-Object', 'app-object']);
  });

  test.each([
    [
      'more than 1000 ids',
      { ids: Array.from({ length: 1001 }, (_, index) => `i${index}`) },
      [400, 'Request_BadRequest'],
    ],
    ['no ids', {}, [400, 'Request_BadRequest']],
    ['ids that are no text', { ids: [1] }, [400, 'Request_BadRequest']],
  ])('%s', async (_name, body, expected) => {
    expect(failure(await getByIds(body))).toEqual(expected);
  });
});

describe('permissions', () => {
  const denying = (...actions: string[]) =>
    simulatorOf({ ...estate, denied: actions.map((action) => ({ action: `graph:${action}` })) });

  test.each([
    ['/applications', 'Application.Read.All'],
    ['/servicePrincipals/sp-object/owners', 'Application.Read.All'],
    ['/groups/outer/transitiveMembers', 'GroupMember.Read.All'],
    ['/users', 'User.ReadBasic.All'],
  ])('%s needs %s', async (path, permission) => {
    const { status, body } = await graph(denying(permission), path);
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect([status, body]).toEqual([
      403,
      {
        error: {
          code: 'Authorization_RequestDenied',
          message: 'Insufficient privileges to complete the operation.',
          innerError: { date: '2026-11-24T06:00:00', 'request-id': requestId, 'client-request-id': requestId },
        },
      },
    ]);
  });

  test('getByIds needs Application.Read.All', async () => {
    const answer = await graph(denying('Application.Read.All'), '/directoryObjects/getByIds', {
      method: 'POST',
      body: { ids: [] },
    });
    expect(failure(answer)).toEqual([403, 'Authorization_RequestDenied']);
  });

  test('without User.ReadBasic.All an owner is a type, an id and nulls', async () => {
    const { body } = await graph(
      denying('User.ReadBasic.All'),
      '/applications/app-object/owners?$select=id,displayName,mail',
    );
    expect(body).toMatchObject({
      value: [
        { '@odata.type': '#microsoft.graph.user', id: 'user-object', displayName: null, mail: null },
        { id: 'gone-user' },
      ],
    });
  });

  test('a write is refused and recorded', async () => {
    const simulator = simulatorOf(estate);
    expect(
      failure(await graph(simulator, '/applications/app-object/addPassword', { method: 'POST', body: {} })),
    ).toEqual([403, 'Authorization_RequestDenied']);
    expect(simulator.defects).toEqual([
      { service: 'graph', message: 'POST /v1.0/applications/app-object/addPassword: an auditor only reads' },
    ]);
  });
});

describe('$batch', () => {
  const batch = (requests: unknown) => graph(simulatorOf(estate), '/$batch', { method: 'POST', body: { requests } });

  test('each part has its own status, headers and body', async () => {
    const { status, body } = await batch([
      { id: '1', method: 'GET', url: '/servicePrincipals/sp-object?$select=id' },
      { id: '2', method: 'GET', url: 'servicePrincipals/nobody' },
      {
        id: '3',
        method: 'POST',
        url: '/directoryObjects/getByIds',
        headers: { 'content-type': 'application/json' },
        body: { ids: ['mi-object'] },
      },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      responses: [
        { id: '1', status: 200, headers: { 'x-ms-resource-unit': '1' }, body: { id: 'SP-Object' } },
        { id: '2', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
        { id: '3', status: 200, body: { value: [{ id: 'mi-object' }] } },
      ],
    });
  });

  test.each([
    ['21 parts', Array.from({ length: 21 }, (_, index) => ({ id: String(index), method: 'GET', url: '/users' }))],
    ['no list', 'x'],
    ['a part without an id', [{ method: 'GET', url: '/users' }]],
  ])('%s: 400', async (_name, requests) => {
    expect(failure(await batch(requests))).toEqual([400, 'BadRequest']);
  });
});

describe('quotas', () => {
  test('8,000 resource units in ten seconds', async () => {
    const simulator = simulatorOf(estate);
    const path = '/groups/outer/transitiveMembers';
    let answer = await graph(simulator, path);
    expect(answer.headers.get('x-ms-resource-unit')).toBe('5');
    for (let call = 2; call <= 1601; call += 1) {
      answer = await graph(simulator, path);
      if (call === 1280) expect(answer.headers.get('x-ms-throttle-limit-percentage')).toBe('0.8');
    }
    expect(failure(answer)).toEqual([429, 'TooManyRequests']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded');
  });

  test.each([
    ['/applications', '2'],
    ['/applications/app-object/federatedIdentityCredentials', '1'],
    ['/applications/app-object/owners', '1'],
  ])('%s takes %s', async (path, units) => {
    const { headers } = await graph(simulatorOf(estate), path);
    expect(headers.get('x-ms-resource-unit')).toBe(units);
  });

  test('150 selections of keyCredentials in a minute', async () => {
    let now = 0;
    const simulator = simulatorOf(estate, { quotaNow: () => now });
    const statuses: number[] = [];
    for (let call = 0; call < 151; call += 1)
      statuses.push((await graph(simulator, '/applications?$select=id,keyCredentials')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(150);
    now += 60_000;
    expect((await graph(simulator, '/applications?$select=id,keyCredentials')).status).toBe(200);
  });
});

test.each([
  ['no token', '', 'Access token is empty.'],
  ['a token from nowhere', 'Bearer x', 'CompactToken parsing failed with error code: 80049217'],
])('%s is 401', async (_name, authorization, message) => {
  const answer = await ask(simulatorOf(estate), 'https://graph.microsoft.com/v1.0/applications', { authorization });
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'InvalidAuthenticationToken', message } } });
});

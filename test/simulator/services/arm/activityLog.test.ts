import { describe, expect, test } from 'vitest';
import { arm, failure, fieldOf, pagesOf, REGISTRY, SUB, simulatorOf } from '../../ask.ts';

const event = (name: string, eventTimestamp: string, fields: object = {}) => ({
  eventDataId: name,
  eventTimestamp,
  subscriptionId: SUB,
  resourceGroupName: 'rg-shop',
  resourceProviderName: { value: 'Microsoft.ContainerRegistry' },
  resourceId: REGISTRY,
  caller: 'ana@contoso.com',
  correlationId: `c-${name}`,
  ...fields,
});

const estate = {
  activityLog: [
    event('old', '2026-11-01T00:00:00.1234567Z'),
    event('new', '2026-11-23T00:00:00Z'),
    event('other', '2026-11-22T00:00:00Z', {
      resourceId: `/subscriptions/${SUB}/resourceGroups/rg-b/providers/Microsoft.Storage/storageAccounts/x`,
      resourceGroupName: 'rg-b',
      resourceProviderName: { value: 'Microsoft.Storage' },
    }),
    event('future', '2026-11-25T00:00:00Z'),
    event('elsewhere', '2026-11-23T00:00:00Z', { subscriptionId: 'bbbbbbbb-0000-0000-0000-000000000002' }),
  ],
};

const list = (simulator: ReturnType<typeof simulatorOf>, filter: string, rest = '') =>
  arm(
    simulator,
    `/subscriptions/${SUB}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}${rest}`,
  );
const SINCE = "eventTimestamp ge '2026-10-25T00:00:00Z'";

test.each([
  ['a start', SINCE, ['new', 'other', 'old']],
  ['start and end, both included', `${SINCE} and eventTimestamp le '2026-11-22T00:00:00Z'`, ['other', 'old']],
  ['a resource, in any letter case', `${SINCE} and resourceUri eq '${REGISTRY.toUpperCase()}'`, ['new', 'old']],
  ['a group', `${SINCE} and resourceGroupName eq 'RG-B'`, ['other']],
  ['a provider', `${SINCE} and resourceProvider eq 'microsoft.storage'`, ['other']],
  ['a correlation', `${SINCE} and correlationId eq 'c-old'`, ['old']],
])('by %s, the newest first', async (_name, filter, expected) => {
  expect(fieldOf(await list(simulatorOf(estate), filter), 'eventDataId')).toEqual(expected);
});

test('pages, and keeps the filter in the link', async () => {
  const simulator = simulatorOf(estate, { pageSize: 2 });
  const pages = await pagesOf(simulator, await list(simulator, SINCE));
  expect(pages.map((page) => fieldOf(page, 'eventDataId'))).toEqual([['new', 'other'], ['old']]);
});

test('$select leaves the fields named', async () => {
  const { body } = await list(
    simulatorOf(estate),
    `${SINCE} and correlationId eq 'c-old'`,
    '&$select=caller,EventDataId',
  );
  expect(body).toEqual({ value: [{ eventDataId: 'old', caller: 'ana@contoso.com' }] });
});

test.each([
  ['no start', "resourceGroupName eq 'rg-shop'"],
  ['older than 90 days', "eventTimestamp ge '2026-08-25T00:00:00Z'"],
  ['two narrowings', `${SINCE} and resourceGroupName eq 'a' and resourceProvider eq 'b'`],
  ['another field', `${SINCE} and caller eq 'ana@contoso.com'`],
  ['or', `${SINCE} or resourceGroupName eq 'a'`],
  ['no time', "eventTimestamp ge 'yesterday'"],
  ['nothing', ''],
])('%s is refused, with code and message at the top', async (_name, filter) => {
  const { status, body } = await list(simulatorOf(estate), filter);
  expect([status, body]).toEqual([400, { code: 'BadRequest', message: expect.any(String) }]);
});

describe('without the right', () => {
  test('at the subscription: 403', async () => {
    const simulator = simulatorOf({ ...estate, denied: [{ action: 'Microsoft.Insights/eventtypes/values/read' }] });
    expect(failure(await list(simulator, SINCE))).toEqual([403, 'AuthorizationFailed']);
  });
});

test('a step of the timeline leaves its event', async () => {
  const simulator = simulatorOf({
    resources: [{ id: REGISTRY, properties: { adminUserEnabled: false } }],
    timeline: [
      {
        at: '2026-11-24T07:00:00Z',
        by: 'ana@contoso.com',
        merge: { id: REGISTRY, properties: { adminUserEnabled: true } },
      },
    ],
  });
  simulator.advanceTo('2026-11-24T08:00:00Z');
  expect(fieldOf(await list(simulator, SINCE), 'caller')).toEqual(['ana@contoso.com']);
});

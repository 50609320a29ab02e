import { expect, test } from 'vitest';
import { arm, failure, REGISTRY, simulatorOf } from '../../ask.ts';

const points = [
  { timeStamp: '2026-11-24T03:00:00Z', average: 1, maximum: 2 },
  { timeStamp: '2026-11-24T04:00:00Z', average: 3, maximum: 4 },
  { timeStamp: '2026-11-24T05:00:00Z', average: 5, maximum: 6 },
  { timeStamp: '2026-11-24T06:00:00Z', average: 7, maximum: 8 },
];
const estate = {
  resources: [{ id: REGISTRY, location: 'westeurope', properties: {} }],
  metrics: { [REGISTRY.toLowerCase()]: { StorageUsed: points } },
};

const ask = (query: string, simulator = simulatorOf(estate)) =>
  arm(simulator, `${REGISTRY}/providers/Microsoft.Insights/metrics?api-version=2024-02-01&${query}`);

test('the points of the timespan, its end left out, with the aggregation asked', async () => {
  const { body } = await ask(
    'metricnames=StorageUsed&timespan=2026-11-24T04:00:00Z/2026-11-24T06:00:00Z&interval=PT1H&aggregation=Average',
  );
  expect(body).toEqual({
    cost: 120,
    timespan: '2026-11-24T04:00:00Z/2026-11-24T06:00:00Z',
    interval: 'PT1H',
    value: [
      {
        id: `${REGISTRY}/providers/Microsoft.Insights/metrics/StorageUsed`,
        type: 'Microsoft.Insights/metrics',
        name: { value: 'StorageUsed', localizedValue: 'Storage used' },
        displayDescription: 'The amount of storage used by the container registry, in bytes.',
        unit: 'Bytes',
        timeseries: [
          {
            metadatavalues: [],
            data: [
              { timeStamp: '2026-11-24T04:00:00Z', average: 3 },
              { timeStamp: '2026-11-24T05:00:00Z', average: 5 },
            ],
          },
        ],
        errorCode: 'Success',
      },
    ],
    namespace: 'microsoft.containerregistry/registries',
    resourceregion: 'westeurope',
  });
});

test('the last hour without a timespan; nothing measured is an empty list of series', async () => {
  const { body } = await ask('metricnames=StorageUsed,TotalPullCount');
  expect(body).toMatchObject({
    value: [
      { timeseries: [{ data: [{ timeStamp: '2026-11-24T05:00:00Z', average: 5 }] }] },
      { name: { value: 'TotalPullCount' }, unit: 'Count', timeseries: [] },
    ],
  });
});

test('a dimension names itself in lower case', async () => {
  const { body } = await ask("metricnames=StorageUsed&$filter=Geolocation eq '*'");
  const series = {
    metadatavalues: [{ name: { value: 'geolocation', localizedValue: 'geolocation' }, value: 'westeurope' }],
  };
  expect(body).toMatchObject({ value: [{ timeseries: [series] }] });
});

test('the grain is the one the metric has, when the caller lets it be adjusted', async () => {
  expect((await ask('metricnames=StorageUsed&interval=PT1M&AutoAdjustTimegrain=true')).body).toMatchObject({
    interval: 'PT1H',
  });
});

test.each([
  ['an unknown metric', 'metricnames=Nope'],
  ['a grain that it has not', 'metricnames=StorageUsed&interval=PT1M'],
  ['no timespan', 'metricnames=StorageUsed&timespan=today'],
])('%s is refused, with code and message at the top', async (_name, query) => {
  const { status, body } = await ask(query);
  expect([status, body]).toEqual([400, { code: 'BadRequest', message: expect.any(String) }]);
});

test('403 without the right, 404 without the registry', async () => {
  const denied = simulatorOf({ ...estate, denied: [{ action: 'Microsoft.Insights/metrics/read', scope: REGISTRY }] });
  expect(failure(await ask('metricnames=StorageUsed', denied))).toEqual([403, 'AuthorizationFailed']);
  expect(failure(await ask('metricnames=StorageUsed', simulatorOf({ resources: [] })))).toEqual([
    404,
    'ResourceGroupNotFound',
  ]);
});

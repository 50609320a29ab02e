import { expect, test } from 'vitest';
import { OTHER_SUB, registryId, SUB } from '../../build.ts';
import { estateOf, wireRegistry, wireSubscription, wireToken } from '../../wire.ts';
import { deploy, on } from './deployment.ts';

/** A token of the registry shop whose one password ends at this time. */
function token(name: string, expiry: string) {
  return wireToken('shop', name, [
    { name: 'password1', creationTime: '2026-01-01T00:00:00+00:00', expiry: on(expiry) },
  ]);
}

const SINGLE = ['finding-critical', 'finding-high', 'finding-medium'];

test('a second secret of the same registry expires while the first alert is open; the rotated one is resolved', async () => {
  const rotated = { id: `${registryId('shop')}/tokens/ci`, properties: token('ci', '30 00:00').properties };
  const deployment = deploy(
    estateOf([wireRegistry('shop'), token('ci', '24 07:30'), token('deploy', '24 09:30')], {
      timeline: [
        {
          at: on('24 10:30'),
          by: 'ana@contoso.com',
          merge: {
            ...rotated,
            properties: {
              credentials: {
                passwords: [{ name: 'password1', creationTime: on('24 10:30'), expiry: '2027-06-01T00:00:00Z' }],
              },
            },
          },
        },
      ],
    }),
  );
  await deployment.sweeps('24 06:00', '24 12:00');
  expect(deployment.told(['finding-critical'], '24 13:00')).toEqual([
    '24 06:00 Fired finding-critical | Repository token password expires soon | shop | ci/password1 | 2026-11-24 07:30 | -',
    '24 06:00 Fired finding-critical | Repository token password expires soon | shop | deploy/password1 | 2026-11-24 09:30 | -',
    '24 08:00 Fired finding-critical | Repository token password has expired | shop | ci/password1 | 2026-11-24 07:30 | -',
    '24 08:30 Resolved finding-critical | Repository token password expires soon | shop | ci/password1 | 2026-11-24 07:30 | -',
    '24 10:00 Fired finding-critical | Repository token password has expired | shop | deploy/password1 | 2026-11-24 09:30 | -',
    '24 10:30 Resolved finding-critical | Repository token password expires soon | shop | deploy/password1 | 2026-11-24 09:30 | -',
    '24 11:30 Resolved finding-critical | Repository token password has expired | shop | ci/password1 | 2026-11-24 07:30 | -',
  ]);
});

test('an exception holds through midnight of its last day, and then the finding is told', async () => {
  const exceptions = [
    {
      check: 'admin-account-enabled',
      registry: 'shop',
      owner: 'ana@contoso.com',
      reason: 'appliance',
      until: '2026-11-24',
    },
  ];
  const deployment = deploy(
    estateOf([wireRegistry('shop', { adminUserEnabled: true }), wireRegistry('pay', { adminUserEnabled: true })]),
    { policy: { exceptions } },
  );
  await deployment.sweeps('24 21:00', '25 02:00');
  expect(deployment.told(['finding-high'], '25 03:00', /admin account/)).toEqual([
    '24 21:00 Fired finding-high | Registry admin account is enabled | pay | - | - | -',
    '25 00:00 Fired finding-high | Registry admin account is enabled | shop | - | - | -',
  ]);
});

test('what can no longer be looked at stays told, and that it cannot be looked at is told', async () => {
  const scope = registryId('shop');
  const deployment = deploy(
    estateOf([wireRegistry('shop'), token('ci', '26 06:00')], {
      timeline: [
        { at: on('24 07:30'), denied: [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read', scope }] },
        { at: on('24 10:30'), denied: [] },
      ],
    }),
  );
  await deployment.sweeps('24 06:00', '24 12:00');
  expect(deployment.told(SINGLE, '24 13:00', /token|could not be read/)).toEqual([
    '24 06:00 Fired finding-critical | Repository token password expires soon | shop | ci/password1 | 2026-11-26 06:00 | -',
    '24 08:00 Fired finding-high | Part of the estate could not be read | shop | tokens | - | -',
    '24 11:30 Resolved finding-high | Part of the estate could not be read | shop | tokens | - | -',
  ]);
});

test('half a sweep, twice: what the other shard said last stays, and that it is missing is told', async () => {
  const subscriptions = [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Test' })];
  const deployment = deploy(
    estateOf(
      [
        wireRegistry('shop', { adminUserEnabled: true }),
        wireRegistry('lab', { adminUserEnabled: true }, { subscriptionId: OTHER_SUB }),
      ],
      { subscriptions },
    ),
  );
  await deployment.sweep('24 06:00');
  await deployment.sweep('24 07:00', OTHER_SUB);
  await deployment.sweep('24 08:00', OTHER_SUB);
  await deployment.sweep('24 09:00');
  const rules = ['finding-high', 'sweep-incomplete', 'sweep-missing'];
  expect(deployment.told(rules, '24 10:00', /admin account|sweep/)).toEqual([
    '24 06:00 Fired finding-high | Registry admin account is enabled | shop | - | - | -',
    '24 06:00 Fired finding-high | Registry admin account is enabled | lab | - | - | -',
    `24 08:00 Fired sweep-incomplete | ${OTHER_SUB}`,
    `24 09:30 Resolved sweep-incomplete | ${OTHER_SUB}`,
  ]);
});

test('the sweeper dies: nothing resolves for a day and a half, and that it is dead is told', async () => {
  const deployment = deploy(estateOf([wireRegistry('shop', { adminUserEnabled: true })]));
  await deployment.sweeps('24 06:00', '24 08:00');
  // A row may be twelve hours old when the last sweep comes, and Azure looks back two days.
  expect(deployment.told([...SINGLE, 'sweep-missing'], '25 19:45', /admin account|sweep/)).toEqual([
    '24 06:00 Fired finding-high | Registry admin account is enabled | shop | - | - | -',
    '24 10:45 Fired sweep-missing',
  ]);
});

test('ingestion is down for three days: what was fixed meanwhile does not come back to life with the spool', async () => {
  const deployment = deploy(
    estateOf([wireRegistry('shop', { adminUserEnabled: true }), wireRegistry('pay', { adminUserEnabled: true })], {
      timeline: [
        {
          at: on('25 01:00'),
          by: 'ana@contoso.com',
          merge: { id: registryId('pay'), properties: { adminUserEnabled: false } },
        },
      ],
    }),
    { parameters: { sweepIntervalHours: 6 } },
  );
  await deployment.sweep('24 06:00');
  deployment.simulator.faults.add({
    name: 'down',
    match: { service: 'ingestion' },
    effect: { kind: 'status', status: 503 },
  });
  await deployment.sweeps('24 12:00', '27 06:00', 6);
  deployment.simulator.faults.clear();
  await deployment.sweeps('27 12:00', '27 18:00', 6);
  expect(
    deployment.told(['finding-high', 'sweep-missing', 'rows-undelivered'], '27 20:00', /admin account|sweep|rows/),
  ).toEqual([
    '24 06:00 Fired finding-high | Registry admin account is enabled | shop | - | - | -',
    '24 06:00 Fired finding-high | Registry admin account is enabled | pay | - | - | -',
    '24 18:45 Fired sweep-missing',
    '26 06:30 Resolved finding-high | Registry admin account is enabled | shop | - | - | -',
    '26 06:30 Resolved finding-high | Registry admin account is enabled | pay | - | - | -',
    '27 12:00 Fired finding-high | Registry admin account is enabled | shop | - | - | -',
    '27 12:30 Resolved sweep-missing',
  ]);
  expect(deployment.simulator.workspace.tables.AcrWardenFindings_CL?.length).toBeGreaterThan(20);
});

test('a thousand registries get the admin account: a storm, and 300 single alerts at each evaluation', async () => {
  const registries = Array.from({ length: 1000 }, (_, index) => wireRegistry(`r${index}`, { adminUserEnabled: true }));
  const deployment = deploy(estateOf(registries));
  await deployment.sweep('24 06:00');
  const told = deployment.told(['finding-high', 'finding-storm'], '24 06:30');
  // None of them sends its logs anywhere either.
  expect(told.filter((line) => line.includes('storm'))).toEqual([
    '24 06:00 Fired finding-storm | high',
    '24 06:00 Fired finding-storm | medium',
  ]);
  const times = ['24 06:00', '24 06:15', '24 06:30'];
  expect(times.map((time) => told.filter((line) => line.startsWith(`${time} Fired finding-high`)).length)).toEqual([
    300, 300, 300,
  ]);
});

test('a subscription whose registries can no longer be listed is told as coverage that dropped', async () => {
  const deployment = deploy(
    estateOf([wireRegistry('shop'), wireRegistry('pay')], {
      timeline: [
        {
          at: on('25 07:30'),
          denied: [{ action: 'Microsoft.ContainerRegistry/registries/read', scope: `/subscriptions/${SUB}` }],
        },
      ],
    }),
    { parameters: { sweepIntervalHours: 6 } },
  );
  await deployment.sweeps('24 06:00', '25 12:00', 6);
  expect(deployment.told(['coverage-dropped'], '25 13:00')).toEqual([`25 12:00 Fired coverage-dropped | ${SUB}`]);
});

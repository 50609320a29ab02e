import { login } from '../rows.ts';
import { after, type Story } from '../story.ts';

function failing(count: number, at: string, change: Record<string, unknown> = {}) {
  return Array.from({ length: count }, (_, index) =>
    login(after(at, index % 40), { ResultDescription: '401', ...change }),
  );
}

function usual(server: string, at: string) {
  return Array.from({ length: 8 }, () => login(at, { LoginServer: server, ResultDescription: '401' }));
}

/** What the registries themselves log. */
export const LOGIN_STORIES: Story[] = [
  {
    name: 'somebody logs in as the admin account: told for as long as it was within the last hour',
    rules: ['admin-account-used'],
    steps: [],
    logins: [
      login('1 07:05', { Identity: 'shop' }),
      login('1 07:10', { Identity: 'shop' }),
      login('1 07:20', { Identity: 'Shop' }),
      login('1 07:15', { LoginServer: 'pay-a1b2c3.azurecr.io', Identity: 'pay' }),
      login('1 07:05', { LoginServer: 'web.azurecr.io', Identity: 'webhook' }),
      login('1 07:05', { LoginServer: 'hub.azurecr.io', Identity: 'hub', ResultDescription: '401' }),
    ],
    from: '1 06:00',
    until: '1 10:00',
    told: [
      '1 07:15 Fired admin-account-used: shop.azurecr.io = 2',
      '1 07:15 Fired admin-account-used: pay-a1b2c3.azurecr.io = 1',
      '1 08:45 Resolved admin-account-used: pay-a1b2c3.azurecr.io = 0',
      '1 09:00 Resolved admin-account-used: shop.azurecr.io = 0',
    ],
  },
  {
    name: 'twenty failed logins in an hour are told, nineteen are not; who is not let in counts as well',
    rules: ['login-failures-rising'],
    steps: [],
    logins: [
      ...failing(19, '1 07:05'),
      ...failing(10, '1 07:05', { LoginServer: 'pay.azurecr.io' }),
      ...failing(10, '1 07:05', { LoginServer: 'pay.azurecr.io', ResultDescription: '403' }),
      ...failing(30, '1 07:05', { LoginServer: 'web.azurecr.io', ResultDescription: '200' }),
      ...Array.from({ length: 20 }, () =>
        login('1 07:15', { LoginServer: 'hub.azurecr.io', ResultDescription: '401' }),
      ),
    ],
    from: '1 06:00',
    until: '1 09:30',
    told: [
      '1 07:15 Fired login-failures-rising: pay.azurecr.io = 20',
      '1 07:15 Fired login-failures-rising: hub.azurecr.io = 20',
      '1 08:45 Resolved login-failures-rising: pay.azurecr.io = 0',
      '1 08:45 Resolved login-failures-rising: hub.azurecr.io = 0',
    ],
  },
  {
    name: 'failed logins as on any other day are not told, more than three times as many are',
    rules: ['login-failures-rising'],
    steps: [],
    logins: [
      // 192 in the day before: 8 an hour.
      ...Array.from({ length: 24 }, (_, hour) => [
        ...usual('shop.azurecr.io', after('1 06:45', hour * 60)),
        ...usual('pay.azurecr.io', after('1 06:45', hour * 60)),
      ]).flat(),
      ...failing(24, '2 06:05'),
      ...failing(25, '2 06:05', { LoginServer: 'pay.azurecr.io' }),
      // Before that day: no measure of what is usual.
      ...failing(500, '1 05:06', { LoginServer: 'pay.azurecr.io' }),
    ],
    from: '2 06:45',
    until: '2 07:00',
    told: ['2 06:45 Fired login-failures-rising: pay.azurecr.io = 25'],
  },
];

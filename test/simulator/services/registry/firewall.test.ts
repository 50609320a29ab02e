import { describe, expect, test } from 'vitest';
import { get, registry, type Simulator, shop } from './shop.ts';

describe('the firewall', () => {
  const from = (simulator: Simulator, address: string) => get(simulator, '/v2/', '', { 'x-forwarded-for': address });
  const private_ = { publicNetworkAccess: 'Disabled' };
  const selected = { networkRuleSet: { defaultAction: 'Deny', ipRules: [{ value: '203.0.113.0/24' }] } };

  test('says who was turned away, on every path', async () => {
    const simulator = shop({}, { allowedIps: ['203.0.113.0/24'] });
    for (const path of ['/v2/', '/oauth2/token']) {
      const { status, body } = await get(simulator, path);
      const message =
        "client with IP '192.0.2.10' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
      expect([status, body]).toEqual([403, { errors: [{ code: 'DENIED', message }] }]);
    }
  });

  test.each([
    ['in a network', {}, { allowedIps: ['203.0.113.0/24'] }, '203.0.113.255', 401],
    ['beside it', {}, { allowedIps: ['203.0.113.0/24'] }, '203.0.114.0', 403],
    ['an address', {}, { allowedIps: ['198.51.100.7'] }, '198.51.100.7', 401],
    ['an IPv6 network', {}, { allowedIps: ['2001:db8::/32'] }, '2001:db8::1', 401],
    ['nobody allowed', {}, { allowedIps: [] }, '203.0.113.1', 403],
    [
      'everybody allowed, whatever ARM says',
      { resources: [registry(private_)] },
      { allowedIps: null },
      '203.0.113.1',
      401,
    ],
    ['not stated: ARM says private', { resources: [registry(private_)] }, {}, '203.0.113.1', 403],
    ['not stated: ARM says selected, and in', { resources: [registry(selected)] }, {}, '203.0.113.1', 401],
    ['not stated: ARM says selected, and out', { resources: [registry(selected)] }, {}, '203.0.114.1', 403],
    ['not stated: ARM says nothing', {}, {}, '203.0.114.1', 401],
  ])('%s', async (_name, estate, dataPlane, address, status) => {
    expect((await from(shop(estate, dataPlane), address)).status).toBe(status);
  });
});

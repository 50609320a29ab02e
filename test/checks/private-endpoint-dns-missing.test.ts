import { expect, test } from 'vitest';
import { privateEndpointDnsMissing } from '../../src/checks/private-endpoint-dns-missing.ts';
import type { DnsZone, PrivateEndpoint, Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { endpointId, told } from './told.ts';

const ZONE = `/subscriptions/${SUB}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const OTHER_ZONE = ZONE.replace('azurecr.io', 'vaultcore.azure.net');
const WEST = 'shop.westeurope.data.azurecr.io';

function endpoint(change: Partial<PrivateEndpoint> = {}): PrivateEndpoint {
  return { id: endpointId('pe-shop'), registryId: registryId('shop'), customDnsNames: [], zoneIds: [ZONE], ...change };
}

function withRecords(...records: string[]): DnsZone[] {
  return [{ id: ZONE.toUpperCase(), records }];
}

const GONE: DnsZone[] = [{ id: ZONE, records: [], isGone: true }];

const UNREAD: PrivateEndpoint = { id: endpointId('pe-shop'), registryId: registryId('shop'), customDnsNames: [] };

const BOTH = withRecords('shop', 'shop.westeurope.data');

test.each<[string, Partial<Registry>, PrivateEndpoint[], DnsZone[], string[]]>([
  ['both records', { dataEndpointHostNames: [WEST] }, [endpoint()], BOTH, []],
  [
    'letter case does not matter',
    { dataEndpointHostNames: [WEST] },
    [endpoint()],
    withRecords('Shop', 'SHOP.westeurope.data'),
    [],
  ],
  [
    'the data record is missing',
    { dataEndpointHostNames: [WEST] },
    [endpoint()],
    withRecords('shop'),
    ['shop [shop.westeurope.data] high'],
  ],
  [
    'the login record is missing',
    { dataEndpointHostNames: [WEST] },
    [endpoint()],
    withRecords('shop.westeurope.data'),
    ['shop [shop] high'],
  ],
  ["only somebody else's records", {}, [endpoint()], withRecords('shop2', 'myshop'), ['shop [shop] high']],
  ['no data endpoint, no data record', {}, [endpoint()], withRecords('shop'), []],
  ['no endpoint', { dataEndpointHostNames: [WEST] }, [], [], []],
  [
    'no zone group, resolved by other means',
    {},
    [endpoint({ zoneIds: [], customDnsNames: ['shop.azurecr.io'] })],
    [],
    ['shop low'],
  ],
  ['no zone group and no names', {}, [endpoint({ zoneIds: [] })], [], ['shop high']],
  ['a zone group for another zone only', {}, [endpoint({ zoneIds: [OTHER_ZONE] })], [], ['shop high']],
  [
    'a zone that was deleted lacks every record',
    { dataEndpointHostNames: [WEST] },
    [endpoint()],
    GONE,
    ['shop [shop] high', 'shop [shop.westeurope.data] high'],
  ],
  ['zone groups could not be read', {}, [UNREAD], [], []],
  ['the zone could not be read', {}, [endpoint()], [], []],
  ['a login server with a label', { loginServer: 'shop-a1b2.azurecr.io' }, [endpoint()], withRecords('shop-a1b2'), []],
])('%s', (_, change, privateEndpoints, dnsZones, expected) => {
  expect(told(privateEndpointDnsMissing, { registries: [registry(change)], privateEndpoints, dnsZones })).toEqual(
    expected,
  );
});

const SECOND = endpoint({ id: endpointId('pe-two') });
const BY_OTHERS = endpoint({ zoneIds: [], customDnsNames: ['shop.azurecr.io'] });

test.each<[string, PrivateEndpoint[], string[]]>([
  ['without a zone group, as bad as the worst', [{ ...SECOND, zoneIds: [] }, BY_OTHERS], ['shop high']],
  ['in another order', [BY_OTHERS, { ...SECOND, zoneIds: [] }], ['shop high']],
  ['without the record', [SECOND, endpoint()], ['shop [shop] high']],
])('two endpoints %s are one finding that names both', (_, privateEndpoints, expected) => {
  const facts = { registries: [registry()], privateEndpoints, dnsZones: withRecords() };
  expect(told(privateEndpointDnsMissing, facts)).toEqual(expected);
  const [found] = privateEndpointDnsMissing.run(input(facts));
  expect(found?.reason).toMatch(/pe-(shop|two) .*The same is wrong with pe-(shop|two)\.$/);
  const ids = [found?.evidence.endpointId, found?.evidence.others].flat();
  expect(ids.sort()).toEqual([endpointId('pe-shop'), endpointId('pe-two')]);
});

test('another cloud has another zone', () => {
  const gov = registry({ loginServer: 'shop.azurecr.us' });
  const zone = ZONE.replace('azurecr.io', 'azurecr.us');
  const facts = { registries: [gov], privateEndpoints: [endpoint({ zoneIds: [zone] })] };
  expect(told(privateEndpointDnsMissing, { ...facts, dnsZones: [{ id: zone, records: [] }] })).toEqual([
    'shop [shop] high',
  ]);
  expect(told(privateEndpointDnsMissing, { ...facts, dnsZones: [{ id: zone, records: ['shop'] }] })).toEqual([]);
});

test('a missing record says where and how', () => {
  const facts = { registries: [registry()], privateEndpoints: [endpoint()], dnsZones: withRecords() };
  expect(privateEndpointDnsMissing.run(input(facts))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'shop',
      reason:
        'The zone privatelink.azurecr.io behind the private endpoint pe-shop of shop has no record shop: clients there do not reach it.',
      evidence: { endpointId: endpointId('pe-shop'), zone: ZONE, record: 'shop' },
      fix: `az network private-dns record-set a add-record --resource-group rg-dns --subscription ${SUB} --zone-name privatelink.azurecr.io --record-set-name shop --ipv4-address <address of shop: az network private-endpoint show --ids ${endpointId('pe-shop')} --query networkInterfaces>`,
    },
  ]);
});

test('a zone that was deleted is made again, with its link', () => {
  const facts = { registries: [registry()], privateEndpoints: [endpoint()], dnsZones: GONE };
  const [hit] = privateEndpointDnsMissing.run(input(facts));
  const [there] = privateEndpointDnsMissing.run(input({ ...facts, dnsZones: withRecords() }));
  const group = `--resource-group rg-dns --subscription ${SUB}`;
  expect(hit).toEqual({
    ...there,
    reason:
      'The zone privatelink.azurecr.io in rg-dns, behind the private endpoint pe-shop of shop, was deleted, and the record shop with it: clients there do not reach it.',
    fix: `az network private-dns zone create ${group} --name privatelink.azurecr.io && az network private-dns link vnet create ${group} --zone-name privatelink.azurecr.io --name <name of the link> --virtual-network <id of the clients' network> --registration-enabled false && ${there?.fix}`,
  });
});

test.each([
  ['in a group of its own', {}, 'create', 'default'],
  ['in the group that it has', { zoneGroup: 'main' }, 'add', 'main'],
])('an endpoint gets the zone %s', (_, change, verb, group) => {
  const privateEndpoints = [endpoint({ zoneIds: [], ...change })];
  const [hit] = privateEndpointDnsMissing.run(input({ registries: [registry()], privateEndpoints }));
  expect(hit?.fix).toBe(
    `az network private-endpoint dns-zone-group ${verb} --endpoint-name pe-shop --resource-group rg --subscription ${SUB} --name ${group} --zone-name privatelink-azurecr-io --private-dns-zone <id of the zone privatelink.azurecr.io>`,
  );
});

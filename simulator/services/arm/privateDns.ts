import { parentOf } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import type { Exchange } from '../service.ts';
import { authorizationFailed, parentNotFound } from './armAnswers.ts';
import { page } from './page.ts';

const ZONES = 'Microsoft.Network/privateDnsZones';
const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'SOA', 'SRV', 'TXT'];

/**
 * Every record of a private zone, of all types (`…/privateDnsZones/z/ALL`); each zone has a SOA record from birth.
 * Source: azure-rest-api-specs `privatedns/…/Microsoft.Network/stable/2024-06-01`, RecordSets_List.
 */
export function answerAllRecords(exchange: Exchange, world: World): Response {
  const zone = parentOf(`${exchange.path}/x`);
  const action = `${ZONES}/ALL/read`;
  if (world.isDenied(action, zone)) return authorizationFailed(exchange, action, zone);
  if (world.resources.get(zone) === undefined) return parentNotFound(`${ZONES}/ALL`, zone);
  const records = RECORD_TYPES.flatMap((type) => [...world.resources.children(zone, `${ZONES}/${type}`)]);
  const isStated = records.some((record) => record.id.toLowerCase().startsWith(`${zone.toLowerCase()}/soa/`));
  return page(isStated ? records : [startOfAuthority(zone), ...records], exchange.url, world);
}

function startOfAuthority(zone: string): object {
  const name = zone.slice(zone.lastIndexOf('/') + 1);
  return {
    id: `${zone}/SOA/@`,
    name: '@',
    type: `${ZONES}/SOA`,
    properties: {
      ttl: 3600,
      fqdn: `${name}.`,
      isAutoRegistered: false,
      soaRecord: {
        email: 'azureprivatedns-host.microsoft.com',
        expireTime: 2_419_200,
        host: 'azureprivatedns.net',
        minimumTtl: 10,
        refreshTime: 3600,
        retryTime: 300,
        serialNumber: 1,
      },
    },
  };
}

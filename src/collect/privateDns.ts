import * as z from 'zod';
import type { Azure } from '../azure.ts';
import { lastSegment, sameId } from '../model/armId.ts';
import type { DnsZone, PrivateEndpoint, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armGet, armPages } from './arm.ts';
import { attempt, isNotFound } from './attempt.ts';
import type { Seldom } from './seldom.ts';
import { given, understood } from './wire.ts';

const NETWORK_VERSION = '2024-05-01';
const DNS_VERSION = '2024-06-01';
/** The registry's private zone in every cloud: privatelink.azurecr.io, .us, .cn. */
const ZONE_PREFIX = 'privatelink.azurecr.';

const WireEndpoint = z.object({
  properties: z.object({ customDnsConfigs: z.array(z.object({ fqdn: z.string().nullish() })).nullish() }),
});
const WireZoneGroup = z.object({
  name: z.string().nullish(),
  properties: z.object({
    privateDnsZoneConfigs: z
      .array(z.object({ properties: z.object({ privateDnsZoneId: z.string().nullish() }) }))
      .nullish(),
  }),
});
const WireRecord = z.object({
  name: z.string(),
  properties: z.object({ aRecords: z.array(z.object({ ipv4Address: z.string().nullish() })).nullish() }),
});

/** Reads private DNS for one shard: each zone once, however many registries stand in it. */
export interface PrivateDns {
  /** the approved endpoints of a registry, and the zones behind them */
  read(registry: Registry): Promise<void>;
  endpoints: PrivateEndpoint[];
  zones: DnsZone[];
}

export function privateDns(azure: Azure, memory: Seldom, gaps: Gap[]): PrivateDns {
  const endpoints: PrivateEndpoint[] = [];
  const zones: DnsZone[] = [];
  /** by zone: how the last reading of it goes, and the registries and endpoints behind it */
  const asked = new Map<string, { reading: Promise<Gap | undefined>; behind: string[] }>();

  async function readZone(id: string, registry: Registry, behind: string[]): Promise<Gap | undefined> {
    const failed: Gap[] = [];
    const read = (own: Gap[]) => attempt(own, 'privateDnsRecords', id, () => recordsOf(azure, id));
    const records = await memory.read({ source: 'privateDnsRecords', registry, of: id, read }, failed);
    const known = zones.findIndex((zone) => sameId(zone.id, id));
    if (known >= 0) zones.splice(known, 1);
    if (records !== undefined) zones.push(records ? { id, records } : { id, records: [], isGone: true });
    const [gap] = failed.map((one) => ({ ...one, blinds: behind }));
    if (gap) gaps.push(gap);
    return gap;
  }

  return {
    endpoints,
    zones,
    async read(registry) {
      for (const { endpointId, status } of registry.privateEndpointConnections) {
        if (status !== 'Approved' || endpointId === undefined) continue;
        const failed: Gap[] = [];
        const read = (own: Gap[]) => readEndpoint(azure, endpointId, registry, own);
        const of = `${endpointId}|${registry.id}`;
        const endpoint = await memory.read({ source: 'privateEndpoints', registry, of, read }, failed);
        gaps.push(...failed.map((gap) => ({ ...gap, blinds: [registry.id] })));
        if (!endpoint) continue;
        endpoints.push(endpoint);
        for (const zone of endpoint.zoneIds ?? []) {
          if (!lastSegment(zone).toLowerCase().startsWith(ZONE_PREFIX)) continue;
          const key = zone.toLowerCase();
          const { reading: before, behind } = asked.get(key) ?? { reading: Promise.resolve(undefined), behind: [] };
          behind.push(registry.id, endpointId);
          // What is remembered may do for one registry and not for the next, which is newer; what is read does for all.
          const reading = before.then((gap) => gap ?? readZone(zone, registry, behind));
          asked.set(key, { reading, behind });
          await reading;
        }
      }
    },
  };
}

async function readEndpoint(azure: Azure, id: string, registry: Registry, gaps: Gap[]) {
  const names = await attempt(gaps, 'privateEndpoints', id, async () => {
    const wire = await armGet(azure, `${id}?api-version=${NETWORK_VERSION}`);
    const { customDnsConfigs } = understood(WireEndpoint, wire, id).properties;
    return (customDnsConfigs ?? []).map(({ fqdn }) => fqdn).filter((fqdn) => typeof fqdn === 'string');
  });
  if (!names) return undefined;
  const groups = await attempt(gaps, 'privateDnsZoneGroups', id, async () => {
    const zoneIds: string[] = [];
    let zoneGroup: string | null | undefined;
    for await (const wire of armPages(azure, `${id}/privateDnsZoneGroups?api-version=${NETWORK_VERSION}`)) {
      const { name, properties } = understood(WireZoneGroup, wire, `a DNS zone group of ${id}`);
      // An endpoint has one group at the most ("Azure Private Endpoint private DNS zone values").
      zoneGroup ??= name;
      for (const { properties: zone } of properties.privateDnsZoneConfigs ?? []) {
        if (zone.privateDnsZoneId) zoneIds.push(zone.privateDnsZoneId);
      }
    }
    return { zoneIds, ...given('zoneGroup', zoneGroup) };
  });
  const endpoint: PrivateEndpoint = { id, registryId: registry.id, customDnsNames: names, ...groups };
  return endpoint;
}

/** The names in a zone that have an address; null: Azure says that there is no such zone. */
async function recordsOf(azure: Azure, zoneId: string): Promise<string[] | null> {
  const records: string[] = [];
  try {
    for await (const wire of armPages(azure, `${zoneId}/A?api-version=${DNS_VERSION}`)) {
      const { name, properties } = understood(WireRecord, wire, `a record of ${zoneId}`);
      // A record set without addresses resolves to nothing.
      if (properties.aRecords?.some(({ ipv4Address }) => ipv4Address)) records.push(name);
    }
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
  return records;
}

import { lastSegment, parseArmId } from '../model/armId.ts';
import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import { zoneGroup, zoneOf } from '../model/endpoint.ts';
import type { DnsZone, PrivateEndpoint, Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

/** A client behind a private endpoint resolves the public address and is turned away, or resolves nothing at all. */
export const privateEndpointDnsMissing: Check = {
  id: 'private-endpoint-dns-missing',
  title: 'Private endpoint has no DNS record',
  category: 'network',
  severity: 'high',
  needs: ['registries', 'privateEndpoints', 'privateDnsZoneGroups', 'privateDnsRecords'],
  run: ({ registries, privateEndpoints, dnsZones }) => {
    const endpointsOf = byRegistry(privateEndpoints);
    const zones: Zones = new Map(
      dnsZones.map(({ id, records, isGone = false }) => [
        id.toLowerCase(),
        { names: new Set(records.map((record) => record.toLowerCase())), isGone },
      ]),
    );
    return registries.flatMap((registry) =>
      inOne(endpointsOf(registry).flatMap((endpoint) => judge(registry, endpoint, zones))),
    );
  },
};

/** What several endpoints of a registry lack alike is one finding, as bad as the worst of them. */
function inOne(hits: EndpointHit[]): Hit[] {
  const order = ({ severity, evidence }: EndpointHit): string => `${severity ? 1 : 0} ${evidence.endpointId}`;
  return [...Map.groupBy(hits, ({ subject = '' }) => subject).values()].flatMap((same) => {
    const [worst, ...others] = same.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
    const ids = [...new Set(others.map(({ evidence }) => evidence.endpointId))];
    if (!worst || ids.length === 0) return worst ?? [];
    const names = ids.map(lastSegment).join(', ');
    return {
      ...worst,
      reason: `${worst.reason} The same is wrong with ${names}.`,
      evidence: { ...worst.evidence, others: ids },
    };
  });
}

interface EndpointHit extends Hit {
  evidence: Hit['evidence'] & { endpointId: string };
}

/** The names in each zone that was read, both in lower case. */
type Zones = Map<string, { names: Set<string>; isGone: boolean }>;

function judge(registry: Registry, endpoint: PrivateEndpoint, zones: Zones): EndpointHit[] {
  const { zoneIds } = endpoint;
  if (!zoneIds) return [];
  const zoneName = zoneOf(registry);
  const own = zoneIds.filter((id) => lastSegment(id).toLowerCase() === zoneName.toLowerCase());
  if (own.length === 0) return [withoutZone(registry, endpoint, zoneName)];
  return own.flatMap((zoneId) => {
    const there = zones.get(zoneId.toLowerCase());
    // Not read: a gap says so.
    if (!there) return [];
    return recordsOf(registry)
      .filter((record) => !there.names.has(record.toLowerCase()))
      .map((record) => withoutRecord(registry, endpoint, { id: zoneId, isGone: there.isGone }, record));
  });
}

/** `shop` and `shop.westeurope.data`: the login server and each data endpoint, without the domain. */
function recordsOf({ loginServer, dataEndpointHostNames }: Registry): string[] {
  const domain = loginServer.slice(loginServer.indexOf('.'));
  return [loginServer, ...dataEndpointHostNames].map((host) =>
    host.toLowerCase().endsWith(domain.toLowerCase()) ? host.slice(0, -domain.length) : host,
  );
}

function withoutZone({ id, name }: Registry, endpoint: PrivateEndpoint, zoneName: string): EndpointHit {
  const endpointName = lastSegment(endpoint.id);
  // Azure fills these only where no zone group does the work, so somebody may well resolve them by other means.
  const byOtherMeans = endpoint.customDnsNames.length > 0;
  return {
    resourceId: id,
    ...(byOtherMeans && { severity: 'low' as const }),
    reason: byOtherMeans
      ? `The private endpoint ${endpointName} of ${name} has no zone group for ${zoneName}; ${endpoint.customDnsNames.join(', ')} must be resolved by other means, which cannot be seen from here.`
      : `The private endpoint ${endpointName} of ${name} has no zone group for ${zoneName}: its clients do not find the private address.`,
    evidence: { endpointId: endpoint.id, zone: null },
    fix: zoneGroup(parseArmId(endpoint.id), zoneName, endpoint.zoneGroup),
  };
}

function withoutRecord(
  { id, name }: Registry,
  endpoint: PrivateEndpoint,
  { id: zoneId, isGone }: Pick<DnsZone, 'id'> & { isGone: boolean },
  record: string,
): EndpointHit {
  const { subscriptionId, resourceGroup, name: zone } = parseArmId(zoneId);
  const inZone = `--resource-group ${resourceGroup} --subscription ${subscriptionId} --zone-name ${zone}`;
  const behind = `behind the private endpoint ${lastSegment(endpoint.id)} of ${name}`;
  const add = `az network private-dns record-set a add-record ${inZone} --record-set-name ${record} --ipv4-address <address of ${record}: az network private-endpoint show --ids ${endpoint.id} --query networkInterfaces>`;
  const make = `az network private-dns zone create --resource-group ${resourceGroup} --subscription ${subscriptionId} --name ${zone} && az network private-dns link vnet create ${inZone} --name <name of the link> --virtual-network <id of the clients' network> --registration-enabled false`;
  return {
    resourceId: id,
    subject: record,
    reason: isGone
      ? `The zone ${zone} in ${resourceGroup}, ${behind}, was deleted, and the record ${record} with it: clients there do not reach it.`
      : `The zone ${zone} ${behind} has no record ${record}: clients there do not reach it.`,
    evidence: { endpointId: endpoint.id, zone: zoneId, record },
    fix: isGone ? `${make} && ${add}` : add,
  };
}

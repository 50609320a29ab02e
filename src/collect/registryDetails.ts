import type { Azure } from '../azure.ts';
import type { Facts, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { readCacheRules } from './cacheRules.ts';
import { readCredentialSets } from './credentialSets.ts';
import { readDiagnosticSettings } from './diagnosticSettings.ts';
import { privateDns } from './privateDns.ts';
import { confirmMissing } from './registries.ts';
import { readReplications } from './replications.ts';
import { readUsages } from './usages.ts';

type Details = Pick<
  Facts,
  'usages' | 'replications' | 'diagnosticSettings' | 'privateEndpoints' | 'dnsZones' | 'cacheRules' | 'credentialSets'
>;

/** Reads what one registry is asked for besides itself: only sources that somebody needs, only where its tier has them. */
export interface DetailReader {
  /** true: the registry went away since it was listed */
  read(registry: Registry): Promise<boolean>;
  details: Details;
}

export function detailReader(azure: Azure, needed: ReadonlySet<Source>, gaps: Gap[]): DetailReader {
  const dns = privateDns(azure, gaps);
  const details: Details = {
    usages: [],
    replications: [],
    diagnosticSettings: [],
    privateEndpoints: dns.endpoints,
    dnsZones: dns.zones,
    cacheRules: [],
    credentialSets: [],
  };
  return {
    details,
    async read(registry) {
      const { sku } = registry;
      const own: Gap[] = [];
      if (needed.has('usages')) details.usages.push(...(await readUsages(azure, registry, own)));
      if (needed.has('diagnosticSettings'))
        details.diagnosticSettings.push(...(await readDiagnosticSettings(azure, registry, own)));
      // Geo-replication is Premium's; artifact cache begins with Standard (facts §8).
      if (needed.has('replications') && sku === 'Premium')
        details.replications.push(...(await readReplications(azure, registry, own)));
      if (needed.has('cacheRules') && sku !== 'Basic')
        details.cacheRules.push(...(await readCacheRules(azure, registry, own)));
      if (needed.has('credentialSets') && sku !== 'Basic')
        details.credentialSets.push(...(await readCredentialSets(azure, registry, own)));
      if (own.some(isGone)) {
        const { deleted } = await confirmMissing(azure, [registry.id], own);
        if (deleted.length > 0) return true;
      }
      gaps.push(...own);
      if (needed.has('privateDnsRecords')) await dns.read(registry);
      return false;
    },
  };
}

function isGone({ code }: Gap): boolean {
  return /NotFound$/.test(code) && code !== 'SubscriptionNotFound';
}

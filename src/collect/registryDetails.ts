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
import type { Seldom } from './seldom.ts';
import { readUsages } from './usages.ts';

type Details = Pick<
  Facts,
  'usages' | 'replications' | 'diagnosticSettings' | 'privateEndpoints' | 'dnsZones' | 'cacheRules' | 'credentialSets'
>;

interface OfRegistry {
  registryId: string;
}

type Reader<T> = (azure: Azure, registry: Registry, gaps: Gap[]) => Promise<T[]>;

/** Reads what one registry is asked for besides itself: only sources that somebody needs, only where its tier has them. */
export interface DetailReader {
  /** true: the registry went away since it was listed */
  read(registry: Registry): Promise<boolean>;
  details: Details;
}

export function detailReader(azure: Azure, needed: ReadonlySet<Source>, memory: Seldom, gaps: Gap[]): DetailReader {
  const dns = privateDns(azure, memory, gaps);
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
      const read = async <T extends OfRegistry>(source: Source, into: T[], reader: Reader<T>): Promise<void> => {
        if (!needed.has(source)) return;
        // Whose they are is said once, by the key: eight usages of ten thousand registries would say it for megabytes.
        const items = await memory.read(
          { source, registry, read: async (gap) => (await reader(azure, registry, gap)).map(withoutRegistry) },
          own,
        );
        for (const item of items) into.push({ ...item, registryId: registry.id } as T);
      };
      await read('usages', details.usages, readUsages);
      await read('diagnosticSettings', details.diagnosticSettings, readDiagnosticSettings);
      // Geo-replication is Premium's (facts §8).
      if (sku === 'Premium') await read('replications', details.replications, readReplications);
      await read('cacheRules', details.cacheRules, readCacheRules);
      await read('credentialSets', details.credentialSets, readCredentialSets);
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

function withoutRegistry<T extends OfRegistry>({ registryId: _, ...item }: T): Omit<T, 'registryId'> {
  return item;
}

function isGone({ code }: Gap): boolean {
  return /NotFound$/.test(code) && code !== 'SubscriptionNotFound';
}

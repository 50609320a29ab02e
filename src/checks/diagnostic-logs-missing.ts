import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import type { DiagnosticSetting, Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import { indexOf } from '../model/gap.ts';

const LOGINS = 'ContainerRegistryLoginEvents';
const REPOSITORIES = 'ContainerRegistryRepositoryEvents';
/** Groups of categories; both have both of the registry's. */
const GROUPS = ['allLogs', 'audit'];

/** Without them nobody can say afterwards who signed in, who pulled and what was refused. */
export const diagnosticLogsMissing: Check = {
  id: 'diagnostic-logs-missing',
  title: 'Registry sends no logs anywhere',
  category: 'operations',
  severity: 'medium',
  needs: ['registries', 'diagnosticSettings'],
  run: ({ registries, diagnosticSettings, gaps }) => {
    const settingsOf = byRegistry(diagnosticSettings);
    const isUnread = indexOf(gaps);
    return registries.flatMap((registry) => {
      if (isUnread('diagnosticSettings', registry.id)) return [];
      const own = settingsOf(registry);
      const missing = [LOGINS, REPOSITORIES].filter((category) => !own.some((one) => sends(one, category)));
      return missing.length > 0 ? [toHit(registry, missing)] : [];
    });
  },
};

function sends({ hasDestination, logs }: DiagnosticSetting, category: string): boolean {
  const wanted = [category, ...GROUPS].map((name) => name.toLowerCase());
  return hasDestination && logs.some((name) => wanted.includes(name.toLowerCase()));
}

function toHit({ id, name, subscriptionId }: Registry, missing: string[]): Hit {
  const logins = missing.includes(LOGINS);
  return {
    resourceId: id,
    ...(!logins && { severity: 'low' as const }),
    reason: logins
      ? `${name} sends no ${missing.join(' and no ')}: a failed or stolen login leaves no trace.`
      : `${name} sends its logins, and no ${missing.join()}: who pulled or deleted what leaves no trace.`,
    evidence: { missing },
    fix: `az monitor diagnostic-settings create --name acr-logs --resource ${id} --subscription ${subscriptionId} --workspace <id of the Log Analytics workspace> --logs '[{"categoryGroup":"allLogs","enabled":true}]'`,
  };
}

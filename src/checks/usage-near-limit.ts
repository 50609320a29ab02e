import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import { acr, acrUpdate } from '../model/command.ts';
import type { Registry, Sku, Usage } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';

const TEBIBYTE = 1024 ** 4;
/** What a tier can hold at the most; what `listUsages` calls the limit is what its price includes (facts §8). */
const MOST_STORAGE: Partial<Record<Sku, number>> = {
  Basic: 40 * TEBIBYTE,
  Standard: 40 * TEBIBYTE,
  Premium: 100 * TEBIBYTE,
};

/** At the limit the next webhook, token or rule is refused; storage is only billed, until the tier's end. */
export const usageNearLimit: Check = {
  id: 'usage-near-limit',
  title: 'Registry is near one of its limits',
  category: 'operations',
  severity: 'medium',
  needs: ['registries', 'usages'],
  run: ({ registries, usages, policy }) => {
    const usagesOf = byRegistry(usages);
    return registries.flatMap((registry) =>
      usagesOf(registry).flatMap((usage) => judge(registry, usage, policy.capacity)),
    );
  },
};

function judge(registry: Registry, usage: Usage, { warn, critical }: Policy['capacity']): Hit[] {
  const { name, limit, currentValue } = usage;
  if (limit <= 0 || !reaches(usage, limit, warn)) return [];
  const isStorage = name.toLowerCase() === 'size';
  // Storage above the included amount is legal and billed: only the tier's own end is a wall (semantics §1).
  const wall = isStorage ? MOST_STORAGE[registry.sku] : limit;
  const isHigh = wall !== undefined && reaches(usage, wall, critical);
  return [
    {
      resourceId: registry.id,
      subject: name,
      severity: isHigh ? 'high' : 'medium',
      reason: isStorage
        ? `${registry.name} stores ${gibibytes(currentValue)} of the ${gibibytes(limit)} that ${registry.sku} includes (${share(currentValue, limit)}); more is billed.`
        : `${registry.name} uses ${currentValue} of ${limit} ${name} (${share(currentValue, limit)}); at the limit the next one is refused.`,
      // The step, not the amount, which moves with every push.
      evidence: { usage: name, limit, reached: isHigh ? `${critical} %` : `${warn} %` },
      fix: isStorage
        ? `${acr('run', registry, `--cmd "acr purge --filter '<repository>:.*' --ago 90d --untagged --dry-run" /dev/null`)} lists what was not updated for 90 days, whether it is pulled or not; without --dry-run it is removed, and cannot be brought back`
        : registry.sku === 'Premium'
          ? `Remove ${name} of ${registry.name} that nobody needs: az acr show-usage --name ${registry.name} --subscription ${registry.subscriptionId} -o table shows the numbers`
          : `${acrUpdate(registry, `--sku ${registry.sku === 'Basic' ? 'Standard' : 'Premium'}`)}, or remove ${name} that nobody needs`,
    },
  ];
}

function reaches({ currentValue }: Usage, limit: number, percent: number): boolean {
  return currentValue * 100 >= limit * percent;
}

function share(value: number, limit: number): string {
  return `${Math.floor((value * 100) / limit)} %`;
}

function gibibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2 / 102.4) / 10} GiB`;
}

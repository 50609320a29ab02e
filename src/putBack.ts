import { parseCidr } from 'cidr-tools';
import { addedNetworks, type Drift, rulesBehind } from './drift.ts';
import type { Registry } from './model/estate.ts';
import type { Posture } from './model/posture.ts';
import { coversEverything } from './network.ts';

/** The commands that give a registry the posture that is expected of it (Azure CLI reference, az acr). */
export function putBack(registry: Registry, drifts: Drift[], expected: Partial<Posture>): string[] {
  const { id, name, subscriptionId } = registry;
  const on = `--name ${name} --subscription ${subscriptionId}`;
  const fields = new Set(drifts.map(({ field }) => field));
  const flags: string[] = [];
  if (fields.has('exposure') && expected.exposure) flags.push(EXPOSURE[expected.exposure]);
  if (fields.has('adminUser')) flags.push(`--admin-enabled ${expected.adminUser}`);
  if (fields.has('anonymousPull')) flags.push(`--anonymous-pull-enabled ${expected.anonymousPull}`);
  if (fields.has('bypass')) flags.push(`--allow-trusted-services ${expected.bypass === 'AzureServices'}`);
  if (fields.has('exportPolicy')) flags.push(`--allow-exports ${expected.exportPolicy === 'enabled'}`);
  else if (opens(registry, fields, expected)) flags.push('--allow-exports true');
  if (fields.has('dataEndpoint')) flags.push(`--data-endpoint-enabled ${expected.dataEndpoint}`);
  // Rules begin to count with the firewall: before it, so that nobody who is meant is locked out.
  const rulesCount = fields.has('ipRules') || flags.includes(EXPOSURE['selected-networks']);
  const commands = rulesCount ? ruleCommands(registry, expected.ipRules ?? withoutBroadest(registry.ipRules), on) : [];
  const tier = tierOf(registry, expected);
  if (tier && commands.length > 0) commands.unshift(`az acr update ${on} ${tier}`);
  else if (tier && flags.length > 0) flags.unshift(tier);
  if (flags.length > 0) commands.push(`az acr update ${on} ${flags.join(' ')}`);
  if (fields.has('armAudienceTokens')) {
    const status = expected.armAudienceTokens ? 'enabled' : 'disabled';
    commands.push(
      `az acr config authentication-as-arm update --registry ${name} --subscription ${subscriptionId} --status ${status}`,
    );
  }
  if (fields.has('tasksBypass')) {
    // The command line has no flag of its own for it.
    commands.push(
      `az resource update --ids ${id} --api-version 2025-11-01 --set properties.networkRuleBypassAllowedForTasks=${expected.tasksBypass}`,
    );
  }
  return commands;
}

const EXPOSURE = {
  private: '--public-network-enabled false',
  'selected-networks': '--public-network-enabled true --default-action Deny',
  public: '--public-network-enabled true --default-action Allow',
};

/** Azure takes no public network access where export is off. */
function opens({ exportEnabled }: Registry, fields: ReadonlySet<string>, { exposure }: Partial<Posture>): boolean {
  return !exportEnabled && fields.has('exposure') && exposure !== undefined && exposure !== 'private';
}

/** Below Premium nothing but the tier itself can close a registry. */
function tierOf({ sku }: Registry, { exposure }: Partial<Posture>): string {
  return sku !== 'Premium' && exposure !== undefined && exposure !== 'public' ? '--sku Premium' : '';
}

/** Rules that no longer let in everybody; where nobody says who is meant, only the broadest go. */
function withoutBroadest(rules: string[]): string[] {
  const left = rules.toSorted((a, b) => Number(parseCidr(a).prefix) - Number(parseCidr(b).prefix));
  while (coversEverything(left)) left.shift();
  return left;
}

function ruleCommands(registry: Registry, expected: string[], on: string): string[] {
  const live = registry.ipRules;
  const rules = (verb: string, ranges: string[]): string[] =>
    ranges.map((range) => `az acr network-rule ${verb} ${on} --ip-address ${range}`);
  const surplus = rulesBehind(addedNetworks(expected, live), registry);
  // A rule that lets in more than it should may be the one that lets in what it should.
  const left = live.filter((rule) => !surplus.includes(rule));
  return [...rules('remove', surplus), ...rules('add', addedNetworks(left, expected))];
}

import { addedNetworks, type Drift, rulesBehind } from './drift.ts';
import type { Registry } from './model/estate.ts';
import type { Posture } from './model/posture.ts';

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
  if (fields.has('dataEndpoint')) flags.push(`--data-endpoint-enabled ${expected.dataEndpoint}`);
  const commands: string[] = [];
  if (fields.has('ipRules')) commands.push(...ruleCommands(registry, expected.ipRules ?? [], on));
  if (flags.length > 0) commands.push(`az acr update ${on} ${tierOf(registry, expected)}${flags.join(' ')}`);
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

/** Below Premium nothing but the tier itself can close a registry. */
function tierOf({ sku }: Registry, { exposure }: Partial<Posture>): string {
  return sku !== 'Premium' && exposure !== undefined && exposure !== 'public' ? '--sku Premium ' : '';
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

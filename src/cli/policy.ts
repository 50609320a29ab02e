import { Command } from 'commander';
import { endOf } from '../model/exception.ts';
import { wordsOf } from '../model/expectation.ts';
import type { Policy } from '../model/policy.ts';
import { shadowsAmong } from '../policy/shadows.ts';
import { PolicyError } from '../policy.ts';
import { notEmpty } from './notEmpty.ts';
import { policyFrom } from './policyFile.ts';

export function policyCommand(): Command {
  return new Command('policy').addCommand(
    new Command('check')
      .description('says whether a policy can be used, and what it would mean; exit 1 with all mistakes')
      .argument('<file>', 'warden.yaml', notEmpty)
      .action(check),
  );
}

function check(file: string): void {
  try {
    const policy = policyFrom({ policy: file });
    process.stdout.write(`${file} can be used: ${meaningOf(policy, new Date().toISOString())}.\n${idleRules(policy)}`);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    process.stderr.write(
      `${error.message}\n${file} cannot be used: ${counted(error.message.split('\n'), 'mistake')}.\n`,
    );
    process.exitCode = 1;
  }
}

/** Rules behind one that fits whatever they fit: the first match wins, and nobody would hear of what they expect. */
function idleRules({ network }: Policy): string {
  const words = network.map(wordsOf);
  return shadowsAmong(network)
    .map(({ rule, by }) => `The network rule for ${words[rule]} never counts: the one for ${words[by]} comes first.\n`)
    .join('');
}

/** What a policy would mean, on one line: the parts in which policies differ. */
export function meaningOf(policy: Policy, now: string): string {
  const { scope, profile, expiry, network, checks, exceptions, vaults, integrations, probe } = policy;
  const { medium, high, critical } = expiry.ladder;
  const off = Object.values(checks).filter((wanted) => wanted === 'off').length;
  const other = Object.keys(checks).length - off;
  const ended = exceptions.filter((exception) => endOf(exception) <= now);
  return [
    scopeOf(scope),
    profile === 'full' ? 'all checks' : 'all checks but hygiene',
    ...(off > 0 ? [`${off} switched off`] : []),
    ...(other > 0 ? [`${other} with another severity`] : []),
    `credentials warned of ${medium}, ${high} and ${critical} days ahead`,
    counted(network, 'network rule'),
    `${counted(exceptions, 'exception')}${ended.length > 0 ? ` (${ended.length} of them ended)` : ''}`,
    ...(vaults.length > 0 ? [counted(vaults, 'vault')] : []),
    ...(integrations.length > 0 ? [counted(integrations, 'integration')] : []),
    ...(probe.registries.length > 0
      ? [`${counted(probe.registries, 'pattern')} of registries to probe, which nothing does yet`]
      : []),
  ].join(', ');
}

function scopeOf({ subscriptions, managementGroups, excludeTags }: Policy['scope']): string {
  const places = subscriptions
    ? counted(subscriptions, 'subscription')
    : managementGroups
      ? `what is below ${counted(managementGroups, 'management group')}`
      : 'every subscription that can be seen';
  const tags = Object.entries(excludeTags).map(([name, value]) => `${name}: ${value}`);
  return tags.length === 0 ? places : `${places} without registries tagged ${tags.join(', ')}`;
}

function counted(things: readonly unknown[], noun: string): string {
  if (things.length === 0) return `no ${noun}`;
  return things.length === 1 ? `1 ${noun}` : `${things.length} ${noun}s`;
}

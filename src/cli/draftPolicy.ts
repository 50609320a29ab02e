import { stringify, type ToStringOptions } from 'yaml';
import type { Instant, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { dayOf } from '../model/instant.ts';
import type { PostureExpectation } from '../model/policy.ts';
import { postureOf } from '../posture.ts';
import { openingsOf } from './openings.ts';
import { plain } from './render/terminal.ts';
import { selectorsFor } from './selectors.ts';

export interface Seen {
  registries: Registry[];
  gaps: Gap[];
  /** those that the command named; undefined: all */
  subscriptions: string[] | undefined;
  sweptAt: Instant;
}

/** Tags by which owners are often named, best first. */
const OWNER_TAGS = ['owner', 'owners', 'team', 'contact', 'technicalowner', 'costcenter'];

/** A policy, with comments, that expects of every registry what it is like today, but for what opens it. */
export function draftPolicy({ registries, gaps, subscriptions, sweptAt }: Seen): string {
  const sorted = [...registries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = [
    `# yaml-language-server: $schema=./warden.schema.json
#
# Written by acr-warden init on ${dayOf(sweptAt)} from ${sorted.length} registries. Each rule expects what was found, but for
# what opens a registry to everybody: read them one by one. The default warden.yaml explains every option.
`,
    ...(gaps.length > 0 ? [unseen(gaps)] : []),
    subscriptions
      ? `# Only what was asked for; without this part: all subscriptions that can be seen.\n${yaml({ scope: { subscriptions } })}`
      : `# All subscriptions that can be seen. To leave registries alone, tag them:\n#scope:\n#  exclude: { tags: { acr-warden: ignore } }\n`,
    '# full: encryption, replication, tags and the like are judged too.\nprofile: auth\n',
    network(sorted),
    owners(sorted),
    `# Findings that somebody accepts, with an owner, a reason and a last day. acr-warden sweep --explain-mutes previews them.
#exceptions:
#  - { check: admin-account-enabled, registry: legacy, owner: ana@contoso.com, reason: vendor appliance, until: 2027-03-31 }
`,
  ];
  return parts.join('\n');
}

function unseen(gaps: Gap[]): string {
  return `# Not everything could be read, so something may be missing below:\n${gaps.map(({ reason }) => `# - ${plain(reason)}\n`).join('')}`;
}

function network(registries: Registry[]): string {
  const head =
    '# What is expected of each registry; the first rule that fits counts. One with a pattern can replace many.\n';
  if (registries.length === 0) return `${head}network: []\n`;
  const selectorOf = selectorsFor(registries);
  const rules = registries.map((registry) => {
    const notes = openingsOf(postureOf(registry), registry.sku).map((remark) => `  # ${remark}\n`);
    const expect = expectation(registry);
    const rule = { ...selectorOf(registry), expect };
    // A rule that expects nothing would be refused, so it stands there as a comment.
    if (Object.keys(expect).length === 0) return `${notes.join('')}  #- ${yaml(rule, { collectionStyle: 'flow' })}`;
    return `${notes.join('')}${yaml([rule]).replace(/^(?=.)/gm, '  ')}`;
  });
  return `${head}network:\n${rules.join('')}`;
}

/**
 * What it is like, but for what opens it: an expectation accepts, and that is not for a draft to decide. Below Premium only
 * the little that these tiers can choose.
 */
function expectation(registry: Registry): PostureExpectation {
  const { sku, exposure, ipRules, exportEnabled } = registry;
  const expected: PostureExpectation = {
    ...(exposure !== 'public' && { exposure }),
    ...(!registry.anonymousPullEnabled && { anonymousPull: false }),
    ...(!registry.adminUserEnabled && { adminUser: false }),
  };
  if (sku !== 'Premium') return expected;
  return {
    ...expected,
    ...(exposure === 'selected-networks' && { ipRules }),
    bypass: registry.networkRuleBypass,
    tasksBypass: registry.tasksBypass,
    ...(exposure === 'private' && { exportPolicy: exportEnabled ? ('enabled' as const) : ('disabled' as const) }),
    dataEndpoint: registry.dataEndpointEnabled,
  };
}

function owners(registries: Registry[]): string {
  const used = new Map<string, string>();
  for (const { tags } of registries) for (const tag of Object.keys(tags)) used.set(tag.toLowerCase(), tag);
  const found = OWNER_TAGS.flatMap((tag) => used.get(tag) ?? []);
  const head = '# Whom a finding is for: the first of these tags that a registry has, else the fallback.\n';
  if (found.length > 0) return `${head}${yaml({ owners: { tags: found } })}#  fallback: platform@contoso.com\n`;
  return `${head}# No registry has one of the usual tags (${OWNER_TAGS.join(', ')}).\n#owners: { tags: [owner], fallback: platform@contoso.com }\n`;
}

function yaml(value: unknown, style: ToStringOptions = {}): string {
  return stringify(value, { lineWidth: 0, ...style });
}

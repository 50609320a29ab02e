import * as z from 'zod';
import { CHECKS } from '../checks/index.ts';
import { wordsOf } from '../model/expectation.ts';
import { SEVERITIES } from '../model/severity.ts';
import { networkOf } from '../network.ts';

const days = z.int('must be a whole number of days').min(1).max(3650);
const percent = z.int('must be a whole percentage').min(1).max(100);
const milliseconds = z.int('must be a whole number of milliseconds').min(1).max(600_000);
const name = z
  .string({
    error: ({ input }) => (input === undefined ? 'is missing' : 'must be a text; put quotes around a bare number'),
  })
  .min(1, 'must not be empty');
const tags = z.record(z.string(), name).refine((all) => Object.keys(all).length > 0, 'must name at least one tag');
const ids = CHECKS.map(({ id }) => id);
const CheckId = z.enum(ids);
const ExceptedId = z.enum(ids, {
  error: ({ input }) =>
    input === undefined ? 'is missing' : `there is no check '${String(input)}'; acr-warden checks lists them`,
});
const guid = z.guid('must be a subscription id, a guid');
const network = z
  .string('must be an address or a range in CIDR notation, as in 203.0.113.0/24')
  .refine(
    (text) => networkOf(text) !== undefined,
    'must be an address or a range in CIDR notation, as in 203.0.113.0/24',
  );

const Expectation = z
  .strictObject({
    exposure: z.enum(['private', 'selected-networks', 'public']).exactOptional(),
    ipRules: z.array(network).exactOptional(),
    bypass: z.enum(['AzureServices', 'None']).exactOptional(),
    tasksBypass: z.boolean().exactOptional(),
    anonymousPull: z.boolean().exactOptional(),
    exportPolicy: z.enum(['enabled', 'disabled']).exactOptional(),
    armAudienceTokens: z.boolean().exactOptional(),
    adminUser: z.boolean().exactOptional(),
    dataEndpoint: z.boolean().exactOptional(),
  })
  .refine((expect) => Object.keys(expect).length > 0, 'must expect something, as in { exposure: private }')
  .refine(({ exposure, ipRules }) => !ipRules || exposure === undefined || exposure === 'selected-networks', {
    error: 'ipRules contradict this exposure: Azure looks at them only where the exposure is selected-networks',
  })
  .refine(({ exposure, exportPolicy }) => exportPolicy !== 'disabled' || (exposure ?? 'private') === 'private', {
    error: 'exportPolicy: disabled contradicts this exposure: Azure takes it only with exposure: private',
  });

const NetworkRule = z
  .strictObject({
    registry: name.exactOptional(),
    resourceGroup: name.exactOptional(),
    subscription: guid.exactOptional(),
    tags: tags.exactOptional(),
    expect: Expectation,
  })
  .refine(({ registry, resourceGroup, subscription, tags }) => registry ?? resourceGroup ?? subscription ?? tags, {
    error: "must say which registries it is about: registry, resourceGroup, subscription or tags; registry: '*' is all",
    when: ({ value }) => isObject(value),
  });

const Exception = z.strictObject({
  check: ExceptedId,
  registry: name,
  subject: name.exactOptional(),
  owner: name,
  reason: name,
  until: z.iso.date({
    error: ({ input }) =>
      input === undefined ? 'is missing: the last day it holds' : 'must be a day, as in 2027-03-31',
  }),
});

/** `warden.yaml` as people write it; everything has a default, and what it does not know it refuses. */
export const PolicyFile = z.strictObject({
  scope: z
    .strictObject({
      subscriptions: z.array(guid).min(1).exactOptional(),
      managementGroups: z.array(name).min(1).exactOptional(),
      exclude: z.strictObject({ tags }).exactOptional(),
    })
    .refine(({ subscriptions, managementGroups }) => !(subscriptions && managementGroups), {
      error: 'takes subscriptions or managementGroups, not both',
      when: ({ value }) => isObject(value),
    })
    .exactOptional(),
  profile: z.enum(['auth', 'full'], 'must be auth or full').exactOptional(),
  expiry: z
    .strictObject({
      ladder: z
        .strictObject({ medium: days, high: days, critical: days })
        .refine(({ medium, high, critical }) => medium > high && high > critical, {
          error: 'medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
          when: ({ value }) => isObject(value),
        })
        .exactOptional(),
      longestLifetime: days.exactOptional(),
      raiseAbove: z.int().min(0).exactOptional(),
    })
    .exactOptional(),
  network: z.array(NetworkRule).superRefine(noneTwice(wordsOf, 'this rule never counts')).exactOptional(),
  widestRange: z.int('must be the bits of a prefix, as in 16').min(1).max(32).exactOptional(),
  checks: z
    .partialRecord(CheckId, z.union([z.literal('off'), z.enum(SEVERITIES)], 'must be off or a severity'))
    .exactOptional(),
  exceptions: z
    .array(Exception)
    .superRefine(
      noneTwice(({ check, registry, subject }) => [check, registry, subject ?? ''].join('|'), 'write one of the two'),
    )
    .exactOptional(),
  integrations: z.array(z.strictObject({ cluster: name, registry: name })).exactOptional(),
  vaults: z
    .array(
      z.strictObject({
        url: z
          .string()
          .regex(
            /^https:\/\/[a-z0-9-]+\.vault\.[a-z.]+\/?$/i,
            'must be the address of a vault, as in https://kv1.vault.azure.net',
          ),
        tags: z
          .strictObject({
            registry: name.exactOptional(),
            token: name.exactOptional(),
            password: name.exactOptional(),
            applicationId: name.exactOptional(),
          })
          .exactOptional(),
      }),
    )
    .exactOptional(),
  owners: z.strictObject({ tags: z.array(name).exactOptional(), fallback: name.exactOptional() }).exactOptional(),
  probe: z
    .strictObject({
      registries: z.array(name).exactOptional(),
      repository: name.exactOptional(),
      warnMs: milliseconds.exactOptional(),
      failMs: milliseconds.exactOptional(),
    })
    .refine(({ warnMs = 1000, failMs = 5000 }) => warnMs < failMs, {
      error: 'warnMs (default 1000) must be less than failMs (default 5000)',
      when: ({ value }) => isObject(value),
    })
    .exactOptional(),
  capacity: z
    .strictObject({ warn: percent.exactOptional(), critical: percent.exactOptional() })
    .refine(({ warn = 70, critical = 90 }) => warn < critical, {
      error: 'warn (default 70) must be less than critical (default 90)',
      when: ({ value }) => isObject(value),
    })
    .exactOptional(),
  hygiene: z
    .strictObject({
      minimumSku: z.enum(['Basic', 'Standard', 'Premium']).exactOptional(),
      allowedRegions: z.array(name).exactOptional(),
      requiredTags: z.array(name).exactOptional(),
      namePattern: z.string().refine(isPattern, 'must be a regular expression').exactOptional(),
      allowedCacheSources: z.array(name).exactOptional(),
    })
    .exactOptional(),
});

/** Refuses an entry of a list that says the same as one before it. */
function noneTwice<T>(sayingOf: (entry: T) => string, consequence: string) {
  return (entries: T[], context: z.RefinementCtx): void => {
    const first = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      const saying = sayingOf(entry).toLowerCase();
      const earlier = first.get(saying);
      if (earlier === undefined) first.set(saying, index);
      else {
        const message = `is about the same as number ${earlier + 1} of this list, which comes first: ${consequence}`;
        context.addIssue({ code: 'custom', path: [index], message });
      }
    }
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

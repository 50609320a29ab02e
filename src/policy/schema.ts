import * as z from 'zod';
import { CHECKS } from '../checks/index.ts';
import { SEVERITIES } from '../model/severity.ts';
import {
  days,
  guid,
  isPattern,
  milliseconds,
  name,
  percent,
  tags,
  whatever,
  whereList,
  whereObject,
} from './fields.ts';
import { aboutOf, NetworkRuleEntry, SelectorEntry } from './networkRule.ts';
import { noneTwice } from './noneTwice.ts';

const ids = CHECKS.map(({ id }) => id);
const CheckId = z.enum(ids);
const ExceptedId = z.enum(ids, {
  error: ({ input }) =>
    input === undefined ? 'is missing' : `there is no check '${String(input)}'; acr-warden checks lists them`,
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

const Vault = z.strictObject({
  url: z
    .string()
    .regex(
      /^[hH][tT][tT][pP][sS]:\/\/[a-zA-Z0-9-]+\.[vV][aA][uU][lL][tT]\.[a-zA-Z.]+\/?$/,
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
      ...whereObject,
    })
    .exactOptional(),
  profile: z.enum(['auth', 'full'], 'must be auth or full').exactOptional(),
  expiry: z
    .strictObject({
      ladder: z
        .strictObject({ medium: days, high: days, critical: days })
        .refine(({ medium, high, critical }) => medium > high && high > critical, {
          error: 'medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
          ...whereObject,
        })
        .exactOptional(),
      longestLifetime: days.exactOptional(),
      raiseAbove: z.int('must be a whole number of registries').min(0).exactOptional(),
    })
    .exactOptional(),
  network: z
    .array(NetworkRuleEntry)
    .superRefine(noneTwice(SelectorEntry, aboutOf, 'this rule never counts'), whereList)
    .exactOptional(),
  widestRange: z.int('must be the bits of a prefix, as in 16').min(1).max(32).exactOptional(),
  checks: z
    .partialRecord(CheckId, z.union([z.literal('off'), z.enum(SEVERITIES)], 'must be off or a severity'))
    .exactOptional(),
  exceptions: z
    .array(Exception)
    .superRefine(
      noneTwice(
        Exception.extend({ owner: whatever, reason: whatever, until: whatever }),
        ({ check, registry, subject }) => [check, registry, subject ?? ''].join('|').toLowerCase(),
        'write one of the two',
      ),
      whereList,
    )
    .exactOptional(),
  integrations: z.array(z.strictObject({ cluster: name, registry: name })).exactOptional(),
  vaults: z
    .array(Vault)
    .superRefine(
      noneTwice(
        Vault,
        ({ url, tags }) => JSON.stringify([url.replace(/\/$/, ''), tags]).toLowerCase(),
        'write one of the two',
      ),
      whereList,
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
      ...whereObject,
    })
    .exactOptional(),
  capacity: z
    .strictObject({ warn: percent.exactOptional(), critical: percent.exactOptional() })
    .refine(({ warn = 70, critical = 90 }) => warn < critical, {
      error: 'warn (default 70) must be less than critical (default 90)',
      ...whereObject,
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

import * as z from 'zod';
import type { PostureExpectation, RegistrySelector } from '../model/policy.ts';
import { coversEverything, networkOf } from '../network.ts';
import { guid, name, tags, whatever, whereObject, yesOrNo } from './fields.ts';

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
    tasksBypass: yesOrNo.exactOptional(),
    anonymousPull: yesOrNo.exactOptional(),
    exportPolicy: z.enum(['enabled', 'disabled']).exactOptional(),
    armAudienceTokens: yesOrNo.exactOptional(),
    adminUser: yesOrNo.exactOptional(),
    dataEndpoint: yesOrNo.exactOptional(),
  })
  .refine((expect) => Object.keys(expect).length > 0, 'must expect something, as in { exposure: private }')
  .refine(({ exposure, ipRules }) => !ipRules || (exposure !== 'private' && exposure !== 'public'), {
    error: 'ipRules contradict this exposure: Azure looks at them only where the exposure is selected-networks',
    ...whereObject,
  })
  .refine(({ ipRules }) => !coversEverything(networksIn(ipRules)), {
    error: 'ipRules that cover every address are no selected networks: expect exposure: public instead',
    ...whereObject,
  })
  .refine(({ exposure, exportPolicy }) => exportPolicy !== 'disabled' || !isOpen(exposure), {
    error: 'exportPolicy: disabled contradicts this exposure: Azure takes it only with exposure: private',
    ...whereObject,
  })
  .meta({ minProperties: 1 });

const Rule = z.strictObject({
  registry: name.exactOptional(),
  resourceGroup: name.exactOptional(),
  subscription: guid.exactOptional(),
  tags: tags.exactOptional(),
  expect: Expectation,
});

/** What is expected of some registries. */
export const NetworkRuleEntry = Rule.refine(isAboutSome, {
  error: "must say which registries it is about: registry, resourceGroup, subscription or tags; registry: '*' is all",
  ...whereObject,
});

/** An entry that says well which registries it is about, whatever it expects of them. */
export const SelectorEntry = Rule.extend({ expect: whatever }).refine(isAboutSome);

/** The same for two entries with the same words; names have no letter case, values of tags have. */
export function aboutOf({ registry, resourceGroup, subscription, tags = {} }: RegistrySelector): string {
  const names = [registry, resourceGroup, subscription].map((one) => one?.toLowerCase());
  return JSON.stringify([names, Object.entries(tags).map(([tag, value]) => [tag.toLowerCase(), value])]);
}

function isAboutSome({ registry, resourceGroup, subscription, tags }: RegistrySelector): boolean {
  return (registry ?? resourceGroup ?? subscription ?? tags) !== undefined;
}

function isOpen(exposure: PostureExpectation['exposure']): boolean {
  return exposure === 'selected-networks' || exposure === 'public';
}

/** Those of a list that are networks; whatever else stands there is refused by itself. */
function networksIn(rules: unknown): string[] {
  return Array.isArray(rules) ? rules.flatMap((rule) => networkOf(rule) ?? []) : [];
}

import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import type { NetworkRule, Policy } from './model/policy.ts';
import { networkOf, networksOf } from './network.ts';
import { absence } from './policy/fields.ts';
import { inOneLine, type Mistake, offsetOf, type PolicyDocument, problemOf } from './policy/places.ts';
import { PolicyFile } from './policy/schema.ts';
import { firstAlias, writingOf } from './policy/writing.ts';

/** What holds where nobody says otherwise (semantics §7). */
export const DEFAULT_POLICY: Policy = {
  scope: { excludeTags: {} },
  profile: 'auth',
  expiry: { ladder: { medium: 30, high: 14, critical: 3 }, longestLifetime: 365, raiseAbove: 10 },
  network: [],
  widestRange: 16,
  checks: {},
  exceptions: [],
  integrations: [],
  vaults: [],
  owners: { tags: ['owner'] },
  probe: { registries: [], warnMs: 1000, failMs: 5000 },
  capacity: { warn: 70, critical: 90 },
  hygiene: { minimumSku: 'Standard', allowedRegions: [], requiredTags: [], namePattern: '', allowedCacheSources: [] },
};

/** The tags of a vault's secrets that say what they are copies of, where the policy names none. */
const VAULT_TAGS = {
  registry: 'acr-registry',
  token: 'acr-token',
  password: 'acr-password',
  applicationId: 'acr-application-id',
};

/** The policy file holds mistakes; the message has all of them, each with line and column. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

/** Reads a policy; throws a {@link PolicyError} naming every problem. `where`: the file's name, for the message. */
export function parsePolicy(text: string, where: string): Policy {
  const lines = new LineCounter();
  const refused = (mistakes: Mistake[]): PolicyError => {
    const problems = mistakes.map(({ offset, text }) => {
      const { line, col } = lines.linePos(offset);
      return `${where}:${line}:${col}: ${inOneLine(text)}`;
    });
    return new PolicyError(problems.join('\n'));
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // Every letter of it comes with a NUL, which no text has.
  if (text.includes('\0'))
    throw refused([
      { offset: 0, text: 'is not in UTF-8 but in UTF-16, as Windows PowerShell writes it: save it as UTF-8' },
    ]);
  const { mistakes, isReadable } = writingOf(document);
  if (!isReadable) throw refused(mistakes);
  const content = judged(document);
  const all = [...mistakes, ...content.mistakes];
  if (!content.file || all.length > 0) throw refused(all);
  return toPolicy(content.file);
}

/** The JSON Schema of `warden.yaml`, for editors; what needs more than one field is checked by {@link parsePolicy} only. */
export function policySchema(): Record<string, unknown> {
  const { properties = {}, ...schema } = z.toJSONSchema(PolicyFile, { io: 'input' });
  const own = Object.entries(properties).map(([name, option]) => [name, orEmpty(option)] as const);
  return { ...schema, properties: Object.fromEntries(own), title: 'The policy of acr-warden' };
}

/** An option whose every entry is commented out is null. */
function orEmpty(option: z.core.JSONSchema._JSONSchema): unknown {
  if (typeof option === 'boolean') return option;
  const { type, enum: values } = option;
  return { ...option, type: [type, 'null'], ...(values && { enum: [...values, null] }) };
}

function judged(document: PolicyDocument): { file?: z.infer<typeof PolicyFile>; mistakes: Mistake[] } {
  try {
    const read = PolicyFile.safeParse(withoutEmpty(document.toJS()), { error: absence });
    if (read.success) return { file: read.data, mistakes: [] };
    const mistakes = read.error.issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      return keys.map((key) => ({ offset: offsetOf(document, issue.path, key), text: problemOf(issue, key) }));
    });
    return { mistakes };
  } catch (cause) {
    // Aliases of aliases that would grow without end show only here: facts/libraries, "Policy errors". Whatever else a text
    // brings to light is the text's mistake too: any other error would stop every sweep.
    return {
      mistakes: [{ offset: firstAlias(document), text: cause instanceof Error ? cause.message : String(cause) }],
    };
  }
}

/** An option whose every entry is commented out says nothing, and so does an empty file. */
function withoutEmpty(content: unknown): unknown {
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
}

function toPolicy(file: z.infer<typeof PolicyFile>): Policy {
  const { scope, expiry, vaults, owners, probe, capacity, hygiene } = file;
  const base = DEFAULT_POLICY;
  const { exclude, ...places } = scope ?? {};
  return {
    scope: { ...places, excludeTags: exclude?.tags ?? base.scope.excludeTags },
    profile: file.profile ?? base.profile,
    expiry: { ...base.expiry, ...expiry },
    network: (file.network ?? []).map(toRule),
    widestRange: file.widestRange ?? base.widestRange,
    checks: { ...file.checks },
    exceptions: file.exceptions ?? [],
    integrations: file.integrations ?? [],
    vaults: (vaults ?? []).map(({ url, tags }) => ({ url: url.replace(/\/$/, ''), tags: tags ?? VAULT_TAGS })),
    owners: { ...base.owners, ...owners },
    probe: { ...base.probe, ...probe },
    capacity: { ...base.capacity, ...capacity },
    hygiene: { ...base.hygiene, ...hygiene },
  };
}

function toRule(rule: NetworkRule): NetworkRule {
  const { ipRules } = rule.expect;
  if (!ipRules) return rule;
  return { ...rule, expect: { ...rule.expect, ipRules: networksOf(ipRules.map((one) => networkOf(one) ?? one)) } };
}

import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { CHECKS } from './checks/index.ts';
import type { Policy } from './model/policy.ts';
import { SEVERITIES } from './model/severity.ts';

const days = z.number().int().min(1).max(3650);
const Severity = z.enum(SEVERITIES);
const CheckId = z.enum(CHECKS.map(({ id }) => id));

/** `warden.yaml` as people write it; everything has a default, and what it does not know it refuses. */
const PolicyFile = z.strictObject({
  scope: z
    .strictObject({
      subscriptions: z.array(z.guid('must be a subscription id, a guid')).min(1).optional(),
      exclude: z.strictObject({ tags: z.record(z.string(), z.string()) }).optional(),
    })
    .optional(),
  expiry: z
    .strictObject({
      ladder: z
        .strictObject({ medium: days, high: days, critical: days })
        .refine(({ medium, high, critical }) => medium > high && high > critical, {
          error: 'medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
          when: ({ value }) => typeof value === 'object' && value !== null,
        })
        .optional(),
      raiseAbove: z.number().int().min(0).optional(),
    })
    .optional(),
  checks: z.partialRecord(CheckId, z.union([z.literal('off'), Severity], 'must be off or a severity')).optional(),
});

/** What holds where nobody says otherwise (semantics §7). */
export const DEFAULT_POLICY: Policy = {
  scope: { excludeTags: {} },
  expiry: { ladder: { medium: 30, high: 14, critical: 3 }, raiseAbove: 10 },
  checks: {},
};

/** The policy file holds mistakes; the message has all of them, each with line and column. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

/** Reads a policy; throws a {@link PolicyError} naming every problem. `where`: the file's name, for the message. */
export function parsePolicy(text: string, where: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${where}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new PolicyError(document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`).join('\n'));
  }
  const read = PolicyFile.safeParse(contentOf(document, where) ?? {});
  if (read.success) return toPolicy(read.data);
  const problems = read.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return keys.map((key) => `${at(offsetOf(document, issue.path, key))}: ${wordsOf(issue, key)}`);
  });
  throw new PolicyError(problems.join('\n'));
}

type Document = ReturnType<typeof parseDocument>;

function contentOf(document: Document, where: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // An alias without an anchor shows only here: facts/libraries, "Policy errors"
    throw new PolicyError(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The place of a problem: of the unknown key itself, of the value, or of the nearest thing around what is missing. */
function offsetOf(document: Document, path: readonly PropertyKey[], key: string | undefined): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (length === path.length && key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0];
  }
  return 0;
}

function wordsOf(issue: z.core.$ZodIssue, key: string | undefined): string {
  const path = [...issue.path, ...(key === undefined ? [] : [key])].join('.');
  if (key === undefined) return `${path}: ${issue.message}`;
  return issue.path[0] === 'checks'
    ? `${path}: there is no check '${key}'; acr-warden checks lists them`
    : `${path}: unknown key '${key}'`;
}

function toPolicy({ scope, expiry, checks }: z.infer<typeof PolicyFile>): Policy {
  return {
    scope: {
      ...(scope?.subscriptions && { subscriptions: scope.subscriptions }),
      excludeTags: scope?.exclude?.tags ?? DEFAULT_POLICY.scope.excludeTags,
    },
    expiry: {
      ladder: expiry?.ladder ?? DEFAULT_POLICY.expiry.ladder,
      raiseAbove: expiry?.raiseAbove ?? DEFAULT_POLICY.expiry.raiseAbove,
    },
    checks: { ...checks },
  };
}

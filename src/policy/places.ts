import { isMap, isScalar, type parseDocument, visit, type YAMLError } from 'yaml';
import type * as z from 'zod';

export type PolicyDocument = ReturnType<typeof parseDocument>;

/** The place of a problem: of the unknown key itself, of the value, or of the nearest thing around what is missing. */
export function offsetOf(document: PolicyDocument, path: readonly PropertyKey[], key: string | undefined): number {
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

/** A problem on a line of its own, whatever the file holds: messages are split at line breaks, and shown on terminals. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** A mistake in the writing, in words; some of the library's own are for programmers. */
export function mistakeOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'begins a second document: a policy is one, without a line of --- in it' : message;
}

/** A problem in words, with the path of what is wrong; `key`: the one that is not known there. */
export function problemOf(issue: z.core.$ZodIssue, key: string | undefined): string {
  const path = [...issue.path, ...(key === undefined ? [] : [key])].join('.');
  if (path === '') return `must be a map of options, as in the default warden.yaml: ${issue.message}`;
  if (key === undefined) return `${path}: ${issue.message}`;
  return issue.path[0] === 'checks'
    ? `${path}: there is no check '${key}'; acr-warden checks lists them`
    : `${path}: unknown key '${key}'`;
}

/** Where a document refers to an anchor that is not there; the library notices only when it makes the content. */
export function deadAliases(document: PolicyDocument): { source: string; offset: number }[] {
  const dead: { source: string; offset: number }[] = [];
  visit(document, {
    Alias(_, alias) {
      if (!alias.resolve(document)) dead.push({ source: alias.source, offset: alias.range?.[0] ?? 0 });
    },
  });
  return dead;
}

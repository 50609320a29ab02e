import { isMap, isScalar, isSeq, type parseDocument } from 'yaml';
import type * as z from 'zod';

export type PolicyDocument = ReturnType<typeof parseDocument>;

export interface Mistake {
  /** characters from the beginning of the file */
  offset: number;
  text: string;
}

/** The place of a problem: of the unknown key itself, of the value, or of the nearest thing around what is missing. */
export function offsetOf(document: PolicyDocument, path: readonly PropertyKey[], key: string | undefined): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (length === path.length && key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0];
  }
  return 0;
}

/** Of a key that stands there twice the last one, as in the content. */
function nodeAt(document: PolicyDocument, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((node, step) => {
    if (isMap(node)) return node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step)?.value;
    return isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  }, document.contents);
}

/** A problem on a line of its own, whatever the file holds: messages are split at line breaks, and shown on terminals. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
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

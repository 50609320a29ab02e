import { coerce } from '../compile/coerce.ts';
import { anchoredRegex, compileRegex } from '../compile/regex.ts';
import { type Compiled, constantValue, once } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { convertTo } from '../values/convert.ts';
import { num, text } from '../values/int64.ts';
import { isArray, type KqlValue, typeNamed } from '../values/types.ts';
import { type Bind, type Call, placed, plain } from './registry.ts';

function countMatches(source: string, sought: string): number {
  if (sought === '') return 0;
  let count = 0;
  // plain matches may overlap (page "countof()")
  for (let at = source.indexOf(sought); at >= 0; at = source.indexOf(sought, at + 1)) count++;
  return count;
}

function countOf(source: KqlValue, sought: KqlValue, kind: KqlValue): number {
  if (kind !== 'regex') return countMatches(text(source), text(sought));
  return Array.from(text(source).matchAll(compileRegex(text(sought)))).length;
}

/** Replaces $1 and \1 by groups, as RE2 and Kusto write them. */
function rewrite(replacement: string, groups: readonly (string | undefined)[]): string {
  return replacement.replace(/\\(\\|\d)/g, (_, what: string) => (what === '\\' ? '\\' : (groups[Number(what)] ?? '')));
}

function replaceRegex(source: string, pattern: string, replacement: string): string {
  return source.replace(compileRegex(pattern), (...match) => {
    const groups = match.slice(
      0,
      match.findIndex((part) => typeof part === 'number'),
    );
    return rewrite(
      replacement,
      groups.map((part) => (typeof part === 'string' ? part : undefined)),
    );
  });
}

function trimBy(source: string, pattern: string, start: boolean, end: boolean): string {
  let result = source;
  if (start) result = result.replace(anchoredRegex(pattern, 'start'), '');
  if (end) {
    // the leftmost match that reaches the end
    const at = result.search(anchoredRegex(pattern, 'end'));
    if (at >= 0) result = result.slice(0, at);
  }
  return result;
}

function trim(start: boolean, end: boolean): Bind {
  return plain({
    params: ['string', 'string'],
    returns: 'string',
    apply: (pattern, source) => trimBy(text(source), text(pattern), start, end),
  });
}

/** extract(regex, group, source [, typeof(T)]): '' (or null) where nothing matches. */
function extract(call: Call): Compiled {
  const [pattern, group, source, wanted] = call.args;
  if (!pattern || !group || !source) throw errorAt(call.node, 'extract() needs a pattern, a group and a text');
  const type = wanted ? typeNamed(text(constantValue(wanted)).replace(/^typeof\s*\(\s*|\s*\)$/g, '')) : 'string';
  if (!type) throw errorAt(call.node, 'extract() does not know this type');
  const patternOf = coerce(pattern, 'string').eval;
  const groupOf = coerce(group, 'long').eval;
  const sourceOf = coerce(source, 'string').eval;
  return once({
    type,
    constant: pattern.constant && group.constant && source.constant,
    eval: (row) => {
      const regex = compileRegex(text(patternOf(row)));
      regex.lastIndex = 0;
      const found = regex.exec(text(sourceOf(row)))?.[num(groupOf(row))];
      return convertTo(found ?? '', 'string', type);
    },
  });
}

function extractAll(pattern: KqlValue, groups: readonly KqlValue[] | undefined, source: KqlValue): KqlValue {
  const matches = Array.from(text(source).matchAll(compileRegex(text(pattern))));
  if (matches.length === 0) return null;
  return matches.map((match): KqlValue => {
    const wanted = groups ?? match.slice(1).map((_, i) => i + 1);
    const found = wanted.map((group) => (typeof group === 'number' ? match[group] : match.groups?.[text(group)]) ?? '');
    return found.length === 1 ? (found[0] ?? '') : found;
  });
}

function extractAllBind(call: Call): Compiled {
  return call.args.length === 2
    ? plain({ params: ['string', 'string'], returns: 'dynamic', apply: (p, s) => extractAll(p, undefined, s) })(call)
    : plain({
        params: ['string', 'dynamic', 'string'],
        returns: 'dynamic',
        apply: (p, g, s) => extractAll(p, isArray(g) ? g : undefined, s),
      })(call);
}

const UNPLACED: Readonly<Record<string, Bind>> = {
  countof: plain({ params: ['string', 'string', 'string?'], returns: 'long', apply: countOf }),
  trim: trim(true, true),
  trim_start: trim(true, false),
  trim_end: trim(false, true),
  replace_regex: plain({
    params: ['string', 'string', 'string'],
    returns: 'string',
    apply: (s, pattern, to) => replaceRegex(text(s), text(pattern), text(to)),
  }),
  replace: plain({
    params: ['string', 'string', 'string'],
    returns: 'string',
    apply: (pattern, to, s) => replaceRegex(text(s), text(pattern), text(to)),
  }),
  extract,
  extract_all: extractAllBind,
};

/** Functions on text that take a regular expression. */
export const PATTERNS: Readonly<Record<string, Bind>> = Object.fromEntries(
  Object.entries(UNPLACED).map(([name, bind]) => [name, placed(bind)]),
);

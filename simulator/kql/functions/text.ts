import { coerce } from '../compile/coerce.ts';
import { type Compiled, once } from '../compile/scope.ts';
import { toText } from '../values/convert.ts';
import { num, text } from '../values/int64.ts';
import { isArray, type KqlValue } from '../values/types.ts';
import { type Bind, type Call, plain } from './registry.ts';

/** Kusto counts characters as Unicode code points. */
function characters(value: string): string[] {
  return Array.from(value);
}

function substring(source: string, start: number, length: number): string {
  const all = characters(source);
  const from = start < 0 ? Math.max(0, all.length + start) : start;
  return all.slice(from, from + Math.max(0, length)).join('');
}

function indexOf(source: string, sought: string, start: number, length: number, occurrence: number): number {
  const all = source;
  let from = start < 0 ? Math.max(0, all.length + start) : start;
  for (let found = 0; ; found++) {
    const at = all.indexOf(sought, from);
    // the length counts anew after each occurrence (page "indexof()", idx8)
    if (at < 0 || (length >= 0 && at + sought.length > from + length)) return -1;
    if (found + 1 >= occurrence) return at;
    from = at + Math.max(1, sought.length);
  }
}

function split(source: string, delimiter: string): string[] {
  return delimiter === '' ? [source] : source.split(delimiter);
}

/** strcat(a, b, …): every type as its text; null as ''. */
function strcat(call: Call): Compiled {
  const evals = call.args.map((arg) => coerce(arg, 'string').eval);
  return once({
    type: 'string',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      let result = '';
      for (const evaluate of evals) result += text(evaluate(row));
      return result;
    },
  });
}

const strcatDelim: Bind = plain({
  params: ['string'],
  rest: 'string',
  returns: 'string',
  nulls: true,
  apply: (delimiter, ...parts) =>
    parts
      .filter((part) => part !== null)
      .map(text)
      .join(text(delimiter)),
});

function strcatArray(array: KqlValue, delimiter: KqlValue): string {
  return isArray(array) ? array.map((item) => toText(item, 'dynamic')).join(text(delimiter)) : '';
}

function translate(from: string, to: string, source: string): string {
  const sought = characters(from);
  const replacements = characters(to);
  return characters(source)
    .map((character) => {
      const at = sought.indexOf(character);
      return at < 0 ? character : (replacements[Math.min(at, replacements.length - 1)] ?? '');
    })
    .join('');
}

/** All texts sought in one pass; a replacement that is no text leaves its match alone (page "replace_strings()"). */
function replaceStrings(source: string, sought: KqlValue, replacements: KqlValue): string {
  const wanted = isArray(sought) ? sought.filter((item) => typeof item === 'string' && item !== '') : [];
  if (!isArray(sought) || wanted.length === 0) return source;
  const any = new RegExp(wanted.map((item) => text(item).replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'), 'gu');
  return source.replace(any, (match) => {
    const by = isArray(replacements) ? replacements[sought.indexOf(match)] : replacements;
    return typeof by === 'string' ? by : match;
  });
}

export const TEXT: Readonly<Record<string, Bind>> = {
  strlen: plain({ params: ['string'], returns: 'long', apply: (s) => characters(text(s)).length }),
  string_size: plain({ params: ['string'], returns: 'long', apply: (s) => Buffer.byteLength(text(s)) }),
  tolower: plain({ params: ['string'], returns: 'string', apply: (s) => text(s).toLowerCase() }),
  toupper: plain({ params: ['string'], returns: 'string', apply: (s) => text(s).toUpperCase() }),
  substring: plain({
    params: ['string', 'long', 'long?'],
    returns: 'string',
    apply: (s, start, length) =>
      substring(text(s), num(start), length === null ? Number.MAX_SAFE_INTEGER : num(length)),
  }),
  indexof: plain({
    params: ['string', 'string', 'long?', 'long?', 'long?'],
    returns: 'long',
    apply: (s, sought, start, length, more) => {
      const occurrence = more ?? 1;
      if (num(occurrence) < 0 || (length !== null && num(length) < -1)) return null;
      return indexOf(
        text(s),
        text(sought),
        start === null ? 0 : num(start),
        length === null ? -1 : num(length),
        num(occurrence),
      );
    },
  }),
  split: plain({
    params: ['string', 'string', 'long?'],
    returns: 'dynamic',
    apply: (s, delimiter, index) => {
      const parts = split(text(s), text(delimiter));
      if (index === null) return parts;
      const part = parts[num(index)];
      return part === undefined ? [] : [part];
    },
  }),
  strcat,
  strcat_delim: strcatDelim,
  strcat_array: plain({ params: ['dynamic', 'string'], returns: 'string', apply: strcatArray }),
  strrep: plain({
    params: ['string', 'long', 'string?'],
    returns: 'string',
    apply: (s, count, delimiter) =>
      Array.from({ length: Math.max(0, num(count)) }, () => text(s)).join(text(delimiter)),
  }),
  strcmp: plain({
    params: ['string', 'string'],
    returns: 'long',
    apply: (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0),
  }),
  reverse: plain({ params: ['string'], returns: 'string', apply: (s) => characters(text(s)).reverse().join('') }),
  replace_string: plain({
    params: ['string', 'string', 'string'],
    returns: 'string',
    apply: (s, from, to) => (text(from) === '' ? text(s) : text(s).replaceAll(text(from), () => text(to))),
  }),
  replace_strings: plain({
    params: ['string', 'dynamic', 'any'],
    returns: 'string',
    apply: (s, from, to) => replaceStrings(text(s), from, to),
  }),
  translate: plain({
    params: ['string', 'string', 'string'],
    returns: 'string',
    apply: (from, to, s) => translate(text(from), text(to), text(s)),
  }),
};

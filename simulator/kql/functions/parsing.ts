import { coerce } from '../compile/coerce.ts';
import { type Compiled, constantValue, once } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { convertTo } from '../values/convert.ts';
import { text } from '../values/int64.ts';
import { parseJson } from '../values/json.ts';
import { type Bag, type KqlValue, nullOf, setKey, typeNamed } from '../values/types.ts';
import { stepsOf, valueAt } from './json-path.ts';
import { type Bind, type Call, plain } from './registry.ts';

/** extract_json(path, text [, typeof(T)]). */
function extractJson(call: Call): Compiled {
  const [path, source, wanted] = call.args;
  if (!path || !source) throw errorAt(call.node, 'extract_json() needs a path and a text');
  const type = wanted ? typeNamed(text(constantValue(wanted)).replace(/^typeof\s*\(\s*|\s*\)$/g, '')) : 'string';
  if (!type) throw errorAt(call.node, 'extract_json() does not know this type');
  const pathOf = coerce(path, 'string').eval;
  const sourceOf = coerce(source, 'string').eval;
  return once({
    type,
    constant: path.constant && source.constant,
    eval: (row) => {
      const steps = stepsOf(text(pathOf(row)));
      const parsed = parseJson(text(sourceOf(row)));
      const found = steps && parsed !== undefined ? valueAt(parsed, steps) : undefined;
      return found === undefined ? nullOf(type) : convertTo(found, 'dynamic', type);
    },
  });
}

function queryBag(query: string): Bag {
  const bag: Bag = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    setKey(bag, at < 0 ? pair : pair.slice(0, at), at < 0 ? '' : pair.slice(at + 1));
  }
  return bag;
}

const URL_PARTS =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i;

/** parse_url(): the parts of an absolute URL, none decoded; empty where it is none. */
function parseUrl(url: string): KqlValue {
  const match = URL_PARTS.exec(url);
  const [, scheme = '', user = '', password = '', host = '', port = '', path = '', query = '', fragment = ''] =
    match ?? [];
  return {
    Scheme: scheme,
    Host: host,
    Port: port,
    Path: path,
    Username: user,
    Password: password,
    'Query Parameters': queryBag(query),
    Fragment: fragment,
  };
}

/** parse_urlquery(): a bag with "Query Parameters". */
function parseUrlQuery(query: string): KqlValue {
  return { 'Query Parameters': queryBag(query.replace(/^\?/, '')) };
}

/** parse_csv(): the fields of the first record. */
function parseCsv(line: string): KqlValue {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  for (;;) {
    const match = field.exec(line);
    if (!match) return fields;
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] !== ',') return fields;
  }
}

/** parse_version(): up to four parts of up to eight digits as one decimal; null for anything else. */
function parseVersion(version: string): KqlValue {
  const parts = version.split('.');
  if (parts.length > 4 || !parts.every((part) => /^\d{1,8}$/.test(part))) return null;
  const [a = '0', b = '0', c = '0', d = '0'] = parts;
  const digits = `${a}${b.padStart(8, '0')}${c.padStart(8, '0')}${d.padStart(8, '0')}`;
  return convertTo(digits, 'string', 'decimal');
}

export const PARSING: Readonly<Record<string, Bind>> = {
  extract_json: extractJson,
  extractjson: extractJson,
  parse_url: plain({ params: ['string'], returns: 'dynamic', apply: (url) => parseUrl(text(url)) }),
  parse_urlquery: plain({ params: ['string'], returns: 'dynamic', apply: (query) => parseUrlQuery(text(query)) }),
  parse_csv: plain({ params: ['string'], returns: 'dynamic', apply: (line) => parseCsv(text(line)) }),
  parse_version: plain({ params: ['string'], returns: 'decimal', apply: (version) => parseVersion(text(version)) }),
};

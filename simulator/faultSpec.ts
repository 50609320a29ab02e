import type { FaultEffect, FaultMatch, FaultRule } from './faults.ts';

const HELP =
  'write EFFECT [key=value …][; …], for example "status=429 retry-after=2 service=arm times=20; latency=200"';

/**
 * Reads the command line's fault rules:
 *
 *     rule    one effect, then where it strikes; rules are separated by ;
 *     effect  status=CODE [retry-after=TEXT] [code=WORD] | latency=MS | half | broken | reset | hang
 *             next-link=HOST | remove=FIELD.PATH | set=FIELD.PATH:JSON
 *     where   service=NAME method=GET host=REGEX path=REGEX nth=N times=N probability=0..1 seed=N
 *
 * @throws an error that names the word it could not read.
 */
export function parseFaults(spec: string): FaultRule[] {
  const rules = spec
    .split(';')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (rules.length === 0) throw new Error(`--faults is empty: ${HELP}`);
  return rules.map(parseRule);
}

function parseRule(text: string): FaultRule {
  const words = new Map(
    text.split(/\s+/).map((word): [string, string] => {
      const at = word.indexOf('=');
      return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const read = (name: string): string | undefined => {
    const value = words.get(name);
    words.delete(name);
    return value;
  };
  const effect = parseEffect(read, text);
  const match = parseMatch(read, text);
  const [unknown] = words.keys();
  if (unknown !== undefined) throw new Error(`--faults "${text}": I do not know '${unknown}'; ${HELP}`);
  return { name: text, match, effect };
}

type Read = (name: string) => string | undefined;

function parseEffect(read: Read, text: string): FaultEffect {
  const status = read('status');
  if (status !== undefined) {
    const effect: FaultEffect = { kind: 'status', status: number(status, 'status', text, 400, 599) };
    const retryAfter = read('retry-after');
    const code = read('code');
    if (retryAfter !== undefined) effect.retryAfter = retryAfter;
    if (code !== undefined) effect.code = code;
    return effect;
  }
  const latency = read('latency');
  if (latency !== undefined) return { kind: 'latency', ms: number(latency, 'latency', text, 0) };
  for (const kind of ['half', 'broken', 'reset', 'hang'] as const) if (read(kind) !== undefined) return { kind };
  const host = read('next-link');
  if (host !== undefined) return { kind: 'nextLink', host };
  const removed = read('remove');
  if (removed !== undefined) return { kind: 'remove', field: removed };
  const set = /^([^:]+):(.+)$/.exec(read('set') ?? '');
  if (set?.[1] !== undefined && set[2] !== undefined) return { kind: 'set', field: set[1], value: jsonOrText(set[2]) };
  throw new Error(`--faults "${text}": there is no effect in it; ${HELP}`);
}

function parseMatch(read: Read, text: string): FaultMatch {
  const match: FaultMatch = {};
  const [service, method, host, path, nth, times, probability, seed] = [
    read('service'),
    read('method'),
    read('host'),
    read('path'),
    read('nth'),
    read('times'),
    read('probability'),
    read('seed'),
  ];
  if (service !== undefined) match.service = service;
  if (method !== undefined) match.method = method;
  if (host !== undefined) match.host = pattern(host, 'host', text);
  if (path !== undefined) match.path = pattern(path, 'path', text);
  if (nth !== undefined) match.nth = number(nth, 'nth', text, 1);
  if (times !== undefined) match.times = number(times, 'times', text, 1);
  if (probability !== undefined) match.probability = number(probability, 'probability', text, 0, 1);
  if (seed !== undefined) match.seed = number(seed, 'seed', text, 0);
  return match;
}

function number(value: string, name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const parsed = value === '' ? Number.NaN : Number(value);
  if (parsed >= least && parsed <= most) return parsed;
  throw new Error(
    `--faults "${text}": ${name} must be a number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}, not '${value}'`,
  );
}

function pattern(value: string, name: string, text: string): RegExp {
  try {
    return new RegExp(value, 'i');
  } catch (cause) {
    throw new Error(`--faults "${text}": ${name} '${value}' is not a regular expression`, { cause });
  }
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

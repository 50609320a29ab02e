/** What to spoil. All given fields must match; a rule without any spoils everything. */
export interface FaultMatch {
  /** A service's name: identity, arm, graph, ingestion, … */
  service?: string;
  method?: string;
  host?: RegExp;
  /** Tested against path and query. */
  path?: RegExp;
  /** Spoils from the n-th matching request on (1 is the first). Default 1. */
  nth?: number;
  /** How many matching requests it spoils. Default: all of them. */
  times?: number;
  /** 0 to 1, drawn from the rule's own seeded generator. Default 1. */
  probability?: number;
  seed?: number;
}

export type FaultEffect =
  | { kind: 'latency'; ms: number }
  | { kind: 'status'; status: number; retryAfter?: string; code?: string; message?: string; body?: string }
  /** The first half of the real body. */
  | { kind: 'half' }
  /** A body that is not JSON. */
  | { kind: 'broken' }
  | { kind: 'reset' }
  /** Never answers; ends only when the caller aborts. */
  | { kind: 'hang' }
  /** Gives every page a next page on this host. */
  | { kind: 'nextLink'; host: string }
  /** Takes a field out of the answer, and out of each item of its `value`. */
  | { kind: 'remove'; field: string }
  | { kind: 'set'; field: string; value: unknown };

export interface FaultRule {
  name?: string;
  match: FaultMatch;
  effect: FaultEffect;
}

/** The rules in force; rules may come and go while the simulator runs. */
export interface Faults {
  readonly rules: readonly FaultRule[];
  add(...rules: FaultRule[]): void;
  /** By the rule itself or by its name. */
  remove(rule: FaultRule | string): void;
  clear(): void;
}

interface FaultTarget {
  service: string;
  method: string;
  host: string;
  pathAndQuery: string;
}

export interface FaultEngine extends Faults {
  /** The effects for this request, in the rules' order. Counts it. */
  effectsOn(target: FaultTarget): FaultEffect[];
}

export function createFaults(initial: FaultRule[]): FaultEngine {
  const active: { rule: FaultRule; seen: number; draw: () => number }[] = [];
  const add = (...rules: FaultRule[]): void => {
    for (const rule of rules) active.push({ rule, seen: 0, draw: seeded(rule.match.seed ?? 1) });
  };
  add(...initial);
  return {
    get rules() {
      return active.map((one) => one.rule);
    },
    add,
    remove(rule) {
      const at = active.findIndex((one) => one.rule === rule || (typeof rule === 'string' && one.rule.name === rule));
      if (at >= 0) active.splice(at, 1);
    },
    clear() {
      active.length = 0;
    },
    effectsOn(target) {
      const effects: FaultEffect[] = [];
      for (const one of active) {
        const { nth = 1, times = Number.POSITIVE_INFINITY, probability = 1 } = one.rule.match;
        if (!matches(one.rule.match, target)) continue;
        one.seen += 1;
        if (one.seen < nth || one.seen >= nth + times) continue;
        if (probability < 1 && one.draw() >= probability) continue;
        effects.push(one.rule.effect);
      }
      return effects;
    },
  };
}

function matches(match: FaultMatch, target: FaultTarget): boolean {
  if (match.service !== undefined && match.service !== target.service) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== target.method) return false;
  if (match.host !== undefined && !match.host.test(target.host)) return false;
  return match.path === undefined || match.path.test(target.pathAndQuery);
}

/** mulberry32: the same seed gives the same numbers in [0, 1) on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What ARM answers in a subscription where a resource provider was never registered: 409. */
export function missingRegistration(subscriptionId: string, namespace: string): FaultRule {
  const path = new RegExp(`/subscriptions/${escaped(subscriptionId)}/.*providers/${escaped(namespace)}/`, 'i');
  return {
    name: `unregistered ${namespace}`,
    match: { service: 'arm', path },
    effect: {
      kind: 'status',
      status: 409,
      code: 'MissingSubscriptionRegistration',
      message: `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll('.', '\\.');
}

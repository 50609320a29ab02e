import type { KqlDatabase } from '../../kql/index.ts';
import { guid } from '../../trace.ts';
import { type Evaluation, EvaluationError, evaluateRule, type Series, seriesKey } from './evaluate.ts';
import type { AlertRule } from './rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A rule whose query fails for so long is switched off. */
const DISABLED_AFTER_MS = 7 * 24 * HOUR_MS;
const MOST_FIRED_AT_ONCE = { stateful: 300, stateless: 6000 };
const MOST_ACTIVE = 5000;

/** Something an action group is told. */
export interface Told {
  rule: AlertRule;
  condition: 'Fired' | 'Resolved';
  alertId: string;
  at: Date;
  firedAt: Date;
  series: Series;
  evaluation: Evaluation;
}

/** An evaluation that could not be made. */
interface Failure {
  rule: string;
  at: Date;
  reason: string;
}

interface Alert {
  alertId: string;
  firedAt: Date;
  series: Series;
  healthy: number;
}

interface RuleState {
  active: Map<string, Alert>;
  failingSince?: Date | undefined;
  mutedUntil: number;
}

export interface Engine {
  rules: readonly AlertRule[];
  /** Evaluates every enabled rule that is due at this minute. */
  evaluate(at: Date): Told[];
  /** Evaluates what is due from one time to another, both included. */
  replay(from: Date, to: Date): Told[];
  failures: Failure[];
}

/**
 * Evaluates alert rules over what the workspace showed at each time. Microsoft's pages "Create or edit a log search alert
 * rule" (stateful rules fire once and resolve after healthy periods) and "Azure Monitor service limits" (300 alerts an
 * evaluation, 5,000 at a time).
 */
export function createEngine(rules: readonly AlertRule[], databaseAt: (at: Date) => KqlDatabase): Engine {
  const states = new Map(rules.map((rule): [AlertRule, RuleState] => [rule, { active: new Map(), mutedUntil: 0 }]));
  const failures: Failure[] = [];

  function evaluate(at: Date): Told[] {
    const due = rules.filter(({ enabled, frequencyMs }) => enabled && at.getTime() % frequencyMs === 0);
    if (due.length === 0) return [];
    const database = databaseAt(at);
    return due.flatMap((rule) => evaluateOne(rule, database, at));
  }

  function evaluateOne(rule: AlertRule, database: KqlDatabase, at: Date): Told[] {
    const state = states.get(rule);
    if (state === undefined) return [];
    const { failingSince } = state;
    if (failingSince && at.getTime() - failingSince.getTime() >= DISABLED_AFTER_MS) return [];
    try {
      const evaluation = evaluateRule(rule, database, at);
      state.failingSince = undefined;
      return rule.autoMitigate ? stateful(rule, state, evaluation) : stateless(rule, state, evaluation);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      state.failingSince ??= at;
      failures.push({ rule: rule.name, at, reason: error.message });
      return [];
    }
  }

  return {
    rules,
    failures,
    evaluate,
    replay(from, to) {
      const step = rules.reduce((least, { frequencyMs }) => Math.min(least, frequencyMs), HOUR_MS);
      const told: Told[] = [];
      for (let ms = Math.ceil(from.getTime() / step) * step; ms <= to.getTime(); ms += step)
        told.push(...evaluate(new Date(ms)));
      return told;
    },
  };
}

function stateful(rule: AlertRule, { active }: RuleState, evaluation: Evaluation): Told[] {
  const told: Told[] = [];
  const met = new Map(evaluation.series.filter((one) => one.met).map((one) => [seriesKey(one.dimensions), one]));
  for (const [key, alert] of active) {
    if (met.has(key)) {
      alert.healthy = 0;
      continue;
    }
    alert.healthy += 1;
    if (alert.healthy < healthyPeriods(rule.frequencyMs)) continue;
    active.delete(key);
    const now = evaluation.series.find((one) => seriesKey(one.dimensions) === key) ?? { ...alert.series, value: 0 };
    told.push({ ...alertOf(rule, alert, evaluation), condition: 'Resolved', series: now });
  }
  const fresh = [...met].filter(([key]) => !active.has(key));
  const room = Math.min(MOST_FIRED_AT_ONCE.stateful, MOST_ACTIVE - active.size);
  for (const [key, series] of fresh.slice(0, Math.max(0, room))) {
    const alert: Alert = { alertId: alertId(rule, key, evaluation.end), firedAt: evaluation.end, series, healthy: 0 };
    active.set(key, alert);
    told.push({ ...alertOf(rule, alert, evaluation), condition: 'Fired' });
  }
  return told;
}

function stateless(rule: AlertRule, state: RuleState, evaluation: Evaluation): Told[] {
  const at = evaluation.end.getTime();
  if (at < state.mutedUntil) return [];
  const met = evaluation.series.filter((one) => one.met).slice(0, MOST_FIRED_AT_ONCE.stateless);
  if (met.length > 0 && rule.muteMs !== undefined) state.mutedUntil = at + rule.muteMs;
  return met.map((series) => {
    const id = alertId(rule, seriesKey(series.dimensions), evaluation.end);
    const alert: Alert = { alertId: id, firedAt: evaluation.end, series, healthy: 0 };
    return { ...alertOf(rule, alert, evaluation), condition: 'Fired' };
  });
}

function alertOf(rule: AlertRule, alert: Alert, evaluation: Evaluation): Omit<Told, 'condition'> {
  const { alertId: id, firedAt, series } = alert;
  return { rule, alertId: id, at: evaluation.end, firedAt, series, evaluation };
}

function alertId({ id, scopes }: AlertRule, key: string, at: Date): string {
  const [, , subscriptionId] = scopes[0]?.split('/') ?? [];
  return `/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts/${guid(`${id} ${key} ${at.toISOString()}`)}`;
}

/** How many evaluations in a row must be healthy before an alert resolves, by the time between two. */
function healthyPeriods(frequencyMs: number): number {
  if (frequencyMs <= MINUTE_MS) return 10;
  // The page counts 15 minutes to both of its rows: the slower one is taken.
  if (frequencyMs <= 15 * MINUTE_MS) return 3;
  return frequencyMs <= 11 * HOUR_MS ? 2 : 1;
}

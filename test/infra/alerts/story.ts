import {
  createAlerts,
  deployedAlerts,
  type Notification,
  SIMULATED_DCR,
  type Simulator,
} from '../../../simulator/index.ts';
import { ask, simulatorOf } from '../../simulator/ask.ts';

type Rows = Record<string, unknown>[];

/** Rows that arrive at one time, by table: through the ingestion API, as the auditor sends them. */
export interface Step {
  at: string;
  rows: Record<string, Rows>;
}

/** A span of simulated days: what arrives when, and what the alert rules tell of it. */
export interface Story {
  name: string;
  /** the rules of the template that are run */
  rules: string[];
  /** parameters of main.bicep */
  parameters?: Record<string, unknown>;
  steps: Step[];
  /** login events that the registries send to the workspace themselves */
  logins?: Rows;
  from?: string;
  until: string;
  /** `day time Fired|Resolved rule: dimension | …`, and the value where the rule measures one */
  told: string[];
}

type Rule = ReturnType<typeof deployedAlerts>['rules'][number];

/** `2 06:15` is 06:15 UTC on the second day; the first is a Monday. */
export function time(text: string): string {
  const match = /^(\d+) (\d\d):(\d\d)$/.exec(text);
  if (match === null) throw new Error(`'${text}' is no story time such as '1 06:15'`);
  const [, day, hours, minutes] = match;
  return new Date(Date.UTC(2026, 2, 1 + Number(day), Number(hours), Number(minutes))).toISOString();
}

/** The times from the first to the last, so many hours apart. */
export function hourly(first: string, last: string, hours = 1): string[] {
  const times: string[] = [];
  for (let ms = Date.parse(time(first)); ms <= Date.parse(time(last)); ms += hours * 3_600_000)
    times.push(storyTime(new Date(ms).toISOString()));
  return times;
}

/** So many minutes after a story time. */
export function after(at: string, minutes: number): string {
  return storyTime(new Date(Date.parse(time(at)) + minutes * 60_000).toISOString());
}

function storyTime(iso: string): string {
  const day = (Date.parse(iso.slice(0, 10)) - Date.UTC(2026, 2, 1)) / 86_400_000;
  return `${day} ${iso.slice(11, 16)}`;
}

const recorded = new WeakMap<Story, Promise<Simulator>>();

/** What the rules of a story tell, with the rules of the compiled template or changed ones. */
export async function play(
  story: Story,
  { only = story.rules, change = (rule) => rule }: { only?: string[]; change?: (rule: Rule) => Rule } = {},
): Promise<string[]> {
  const arriving = recorded.get(story) ?? arrive(story);
  recorded.set(story, arriving);
  const simulator = await arriving;
  const deployed = deployedAlerts({ environmentName: 'prod', ...story.parameters });
  const rules = deployed.rules.filter(({ name }) => only.includes(name));
  if (rules.length !== only.length) throw new Error(`story '${story.name}': no rules ${only.join(', ')}`);
  const alerts = createAlerts({ ...deployed, rules: rules.map(change) }, simulator.logs);
  const from = time(story.from ?? story.steps[0]?.at ?? story.until);
  const told = alerts.replay(new Date(from), new Date(time(story.until))).map(line);
  const [failure] = alerts.engine.failures;
  return failure === undefined ? told : [...told, `failed ${failure.rule}: ${failure.reason}`];
}

async function arrive({ name, steps, logins, from, until }: Story): Promise<Simulator> {
  const now = time(steps[0]?.at ?? from ?? until);
  const simulator = simulatorOf({ now, logs: { ContainerRegistryLoginEvents: logins ?? [] } });
  for (const { at, rows } of steps) {
    simulator.advanceTo(time(at));
    for (const [table, own] of Object.entries(rows)) await send(simulator, table, own);
  }
  if (simulator.defects.length > 0) throw new Error(`story '${name}': ${JSON.stringify(simulator.defects)}`);
  return simulator;
}

async function send(simulator: Simulator, table: string, rows: Rows): Promise<void> {
  const url = `${SIMULATED_DCR.endpoint}/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-${table}?api-version=2023-01-01`;
  const answer = await ask(simulator, url, {
    method: 'POST',
    audience: 'https://monitor.azure.com/.default',
    body: rows,
  });
  if (answer.status !== 204) throw new Error(`ingestion answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

function line({ at, condition, rule, payload }: Notification): string {
  const [one] = payload.data.alertContext.condition.allOf;
  const about = (one?.dimensions ?? []).map(({ value }) => value).join(' | ');
  const value = one?.metricMeasureColumn ? ` = ${one.metricValue}` : '';
  return `${storyTime(at)} ${condition} ${rule}${about ? `: ${about}` : ''}${value}`;
}

/**
 * Log search alerts of Azure Monitor, from the compiled template to what an action group sends.
 * Sources: azure-rest-api-specs `Microsoft.Insights/scheduledQueryRules` 2023-12-01, azure-monitor-docs
 * `alerts-create-log-alert-rule.md`, `alerts-payload-samples.md`, `alerts-common-schema.md`, `action-groups.md` and the
 * limits of alerts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { KqlDatabase, KqlSchema } from '../kql/index.ts';
import type { Deployment } from './alerts/armDeployment.ts';
import { expandDeployment } from './alerts/armTemplate.ts';
import { createEngine, type Engine, type Told } from './alerts/engine.ts';
import { type Mail, mailOf } from './alerts/mail.ts';
import { type AlertPayload, payloadOf } from './alerts/payload.ts';
import { refusalsOf } from './alerts/refusals.ts';
import { type AlertRule, readRule } from './alerts/rule.ts';
import { SIMULATED_WORKSPACE } from './logsQuery/workspace.ts';

const TEMPLATE = join(import.meta.dirname, '..', '..', 'infra', 'main.json');
const DEPLOYMENT: Deployment = {
  subscriptionId: '5a1e0000-0000-4000-a000-000000000001',
  tenantId: '5a1e0000-0000-4000-a000-000000000003',
};

/** What the deployment of the simulator is given; anything else of `main.bicep` can be added or changed. */
const PARAMETERS: Record<string, unknown> = {
  environmentName: 'simulated',
  location: 'westeurope',
  workspaceId: SIMULATED_WORKSPACE.resourceId,
  loginEventsWorkspaceId: SIMULATED_WORKSPACE.resourceId,
  alertEmails: ['platform-oncall@example.com'],
};

export interface DeployedAlerts {
  rules: AlertRule[];
  /** the resource group of the rules: receiveAlert takes calls of no other */
  rulesScope: string;
  /** who gets mail, by the id of the action group */
  emails: Map<string, string[]>;
}

const actionGroup = z.object({
  name: z.string(),
  properties: z.object({ emailReceivers: z.array(z.object({ emailAddress: z.string() })) }),
});

/**
 * The alert rules that the compiled template deploys.
 * @param template parsed JSON; by default `infra/main.json`.
 */
export function deployedAlerts(
  parameters: Record<string, unknown> = {},
  template: unknown = readTemplate(),
): DeployedAlerts {
  const given = { ...PARAMETERS, ...parameters };
  const group = { subscriptionId: DEPLOYMENT.subscriptionId, name: `rg-acr-warden-${String(given.environmentName)}` };
  const rules = expandDeployment(template, 'alerts', given, DEPLOYMENT)
    .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
    .map((resource) => readRule(resource, group));
  const emails = new Map<string, string[]>();
  for (const resource of expandDeployment(template, 'receivers', { receiverKey: '', ...given }, DEPLOYMENT)) {
    const read = actionGroup.parse(resource);
    const addresses = read.properties.emailReceivers.map(({ emailAddress }) => emailAddress);
    // The rules know the group by the output of its deployment.
    emails.set('reference(receivers).outputs.id.value', addresses);
  }
  return { rules, rulesScope: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}`, emails };
}

function readTemplate(): unknown {
  if (!existsSync(TEMPLATE)) throw new Error('there is no infra/main.json: run node infra/compile.ts');
  return JSON.parse(readFileSync(TEMPLATE, 'utf8'));
}

/** Something that was told, in the shapes in which it leaves Azure. */
export interface Notification {
  at: string;
  rule: string;
  severity: number;
  condition: Told['condition'];
  payload: AlertPayload;
  mail: Mail;
}

export interface AlertService {
  engine: Engine;
  /** The resource group of the rules. */
  rulesScope: string;
  /** What every rule tells from one time to another, both included, in order. */
  replay(from: Date, to: Date): Notification[];
}

/**
 * Deploys the alert rules and runs them over what the workspace shows at each time. Throws with everything that Azure
 * would refuse.
 */
export function createAlerts(
  deployed: DeployedAlerts,
  workspace: { schema(): KqlSchema; databaseAt(at: Date): KqlDatabase },
): AlertService {
  const schema = workspace.schema();
  const refused = deployed.rules.flatMap((rule) =>
    refusalsOf(rule, schema).map((why) => `alert rule ${rule.name}: ${why}`),
  );
  if (refused.length > 0) throw new Error(refused.join('\n'));
  const engine = createEngine(deployed.rules, workspace.databaseAt);
  return {
    engine,
    rulesScope: deployed.rulesScope,
    replay: (from, to) => engine.replay(from, to).map((told) => notificationOf(told, deployed)),
  };
}

function notificationOf(told: Told, { emails }: DeployedAlerts): Notification {
  const { rule, condition, at } = told;
  const payload = payloadOf(told);
  const to = [...new Set(rule.actionGroups.flatMap((id) => emails.get(id) ?? []))];
  return {
    at: at.toISOString(),
    rule: rule.name,
    severity: rule.severity,
    condition,
    payload,
    mail: mailOf(payload, to),
  };
}

import type { Notification } from '../../simulator/index.ts';
import { isRefused, readAlertCall } from '../notify/alertCall.ts';
import { type Responder, respond } from '../notify/respond.ts';
import { posting } from '../notify/teams.ts';
import { asking } from '../notify/workspace.ts';
import { ingestion } from '../publish/ingestion.ts';
import type { Store } from '../state/store.ts';
import type { Session } from './session.ts';

/** The alert rules of a simulated deployment at work. */
export interface AlertWatch {
  /** moves the clock there, evaluating the rules at each quarter of an hour on the way, and answers what they tell */
  until(at: Date): Promise<Notification[]>;
}

/** Deploys the alert rules of the compiled template beside a simulated estate, whose Teams gets the cards. */
export async function watchAlerts(session: Session, store: Store): Promise<AlertWatch> {
  const { createAlerts, deployedAlerts, SIMULATED_VAULT } = await import('../../simulator/index.ts');
  const { simulator, environment } = session;
  if (!simulator) throw new Error('alert rules are only run over a simulated estate');
  const alerts = createAlerts(deployedAlerts({ environmentName: environment }), simulator.logs);
  const responder = responderOf(session, store, SIMULATED_VAULT.teamsUrlSecret);
  let from = simulator.now();
  return {
    async until(to) {
      const told = alerts.replay(from, to);
      for (const { at, payload } of told) {
        if (new Date(at) > simulator.now()) simulator.advanceTo(at);
        const call = readAlertCall(
          JSON.stringify(payload),
          { scopes: [alerts.rulesScope], environment },
          simulator.now(),
        );
        if (isRefused(call)) throw new Error(`receiveAlert refuses what the alert rules send: ${call.reason}`);
        await respond(responder, call);
      }
      if (to > simulator.now()) simulator.advanceTo(to.toISOString());
      from = new Date(to.getTime() + 1);
      return told;
    },
  };
}

function responderOf(session: Session, store: Store, teamsUrlSecret: string): Responder {
  const azure = session.connect();
  const { destination, workspaceId, tenantId = '', environment, clock } = session;
  if (!destination || !workspaceId) throw new Error('a simulated session has a workspace');
  const { origin, pathname } = new URL(teamsUrlSecret);
  const workflow = async (): Promise<string> =>
    (await azure.secrets(origin).getSecret(pathname.split('/')[2] ?? '')).value ?? '';
  return {
    ask: asking(azure.logs, workspaceId),
    post: posting(workflow, azure.anyHost),
    send: ingestion(azure, destination),
    store,
    place: { portal: azure.cloud.portal, tenantId, environment },
    environment,
    sweepIntervalHours: 1,
    clock,
  };
}

/** Which alerts, by rule, and the subject lines of the mails: Azure puts the same one on every alert of a rule. */
export function alertLines(told: readonly Notification[]): string {
  if (told.length === 0) return '  nothing to tell';
  const counts = new Map<string, number>();
  for (const { mail } of told) counts.set(mail.subject, (counts.get(mail.subject) ?? 0) + 1);
  return [...counts].map(([subject, count]) => `  ${String(count).padStart(3)} × ${subject}`).join('\n');
}

/** One file for each card that Teams shows, in order. */
export function cardFiles(posts: readonly { body: unknown }[]): [string, string][] {
  return posts.map(({ body }, index) => [
    `${String(index + 1).padStart(2, '0')}.json`,
    `${JSON.stringify(body, null, 2)}\n`,
  ]);
}

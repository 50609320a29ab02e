import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import { type Azure, CLOUDS, connect } from './azure.ts';
import { type Deadline, deadlineIn, SEND_FOR_MS } from './deadline.ts';
import type { Responder } from './notify/respond.ts';
import { createPace } from './pace.ts';
import { ingestion, type Send } from './publish/ingestion.ts';
import { rewriteTo } from './rewrite.ts';
import { readSettings, type Settings } from './settings.ts';
import { openStore } from './state/open.ts';
import type { Store } from './state/store.ts';
import type { SweepContext } from './sweep.ts';

/** What every function of the deployed app works with. */
export interface App extends SweepContext {
  settings: Settings;
  azure: Azure;
  store: Store;
  send: Send;
}

/** The queue between the plan and its subscriptions' shards. */
export const SHARD_QUEUE = 'sweep-shards';
/**
 * The queue between the plan and the tenant's shard, which has a function of its own: Azure scales each function on
 * instances of its own, so that the one shard that grows with the tenant shares no memory with the others.
 */
export const TENANT_QUEUE = 'sweep-tenants';
/** The queue between a received alert and its report. */
export const INCIDENT_QUEUE = 'incidents';
/** After so many failures the host moves a message to the poison queue: host.json. */
export const MOST_DELIVERIES = 5;

/** One message of either: a shard, with whose subscription's later parts it goes on. */
export interface ShardMessage {
  sweepId: string;
  shard: string;
}

/** Milliseconds of a clock that nobody sets. */
export const steady = (): number => performance.now();

/** One for the process: all functions of one instance share the identity's quotas. */
const pace = createPace({ now: steady, sleep, share: 1 });

/**
 * Reads the settings and connects as the app's managed identity; nothing is asked of Azure yet. After the deadline nothing
 * more is read. Rows are sent until shortly before the host kills whatever function it is, if that begins now.
 */
export function openApp(deadline?: Deadline, sendDeadline: Deadline = deadlineIn(SEND_FOR_MS, steady)): App {
  const settings = readSettings();
  const credential = new ManagedIdentityCredential({ clientId: settings.clientId });
  const azure = connect({
    credential,
    pace,
    ...(deadline && { deadline }),
    sendDeadline,
    cloud: CLOUDS[settings.cloud],
    ...(settings.simulatorUrl && { httpClient: rewriteTo(settings.simulatorUrl) }),
  });
  return {
    settings,
    azure,
    store: openStore(settings.stateContainerUrl, credential),
    send: ingestion(azure, settings.destination),
    environment: settings.environment,
    clock: () => new Date(),
  };
}

/** What answers alerts: the workspace to ask, and Teams if there is an address for it. */
export async function openResponder({ azure, settings, store, send, environment, clock }: App): Promise<Responder> {
  const { workspaceId, teamsUrlSecret, tenantId } = settings;
  // Whoever only sweeps does not load it.
  const [{ posting }, { asking }] = await Promise.all([import('./notify/teams.ts'), import('./notify/workspace.ts')]);
  return {
    ask: asking(azure.logs, workspaceId),
    ...(teamsUrlSecret && { post: posting(() => secretAt(azure, teamsUrlSecret), azure.anyHost) }),
    send,
    store,
    place: { portal: azure.cloud.portal, tenantId, environment },
    environment,
    sweepIntervalHours: settings.sweepIntervalHours,
    clock,
  };
}

/** The value of a secret of our own vault, by its address without a version. */
async function secretAt(azure: Azure, address: string): Promise<string> {
  const { origin, pathname } = new URL(address);
  const { value } = await azure.secrets(origin).getSecret(pathname.split('/')[2] ?? '');
  if (!value) throw new Error(`the secret ${address} is empty: put the address of the Teams workflow into it`);
  return value;
}

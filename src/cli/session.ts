import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { Simulator } from '../../simulator/index.ts';
import { type Azure, CLOUDS, type Connection, connect } from '../azure.ts';
import { createPace } from '../pace.ts';
import type { Destination } from '../publish/ingestion.ts';
import { rewriteTo } from '../rewrite.ts';
import { readCliSettings } from '../settings.ts';
import { PERSONAL_SHARE } from './quotaShare.ts';

/** What a command talks to: Azure with the caller's login, a loopback server, or a simulated estate in this process. */
export interface Session {
  connect(): Azure;
  credential: TokenCredential;
  environment: string;
  /** the environment that was deployed and is asked about, if the settings name one */
  deployment?: string;
  tenantId?: string;
  destination?: Destination;
  /** customer id of the workspace that holds the rows */
  workspaceId?: string;
  /** for what happens now, as the session sees it */
  clock(): Date;
  simulator?: Simulator;
  /** what answers only stands for Azure, and has a clock of its own */
  standIn: boolean;
}

/**
 * Azure itself, through whatever login the caller has, or the server that SIMULATOR_URL names. `share`: the part of each quota
 * that is used.
 */
export function azureSession(share: number = PERSONAL_SHARE): Session {
  const { simulatorUrl, simulatedIdentity, cloud, ...rest } = readCliSettings();
  const credential = simulatorUrl ? simulatedLogin(simulatedIdentity) : new DefaultAzureCredential();
  const connection: Connection = {
    credential,
    pace: createPace({ now: () => performance.now(), sleep, share }),
    cloud: CLOUDS[cloud],
    ...(simulatorUrl && { httpClient: rewriteTo(simulatorUrl) }),
  };
  return {
    ...rest,
    credential,
    connect: () => connect(connection),
    clock: () => new Date(),
    standIn: simulatorUrl !== undefined,
  };
}

/** A simulated estate; its clock is the session's. */
export async function simulatedSession(nameOrFile: string): Promise<Session> {
  // Loaded only here: the simulator is no part of what is deployed.
  const { createSimulator, loadEstate, SIMULATED_DCR, SIMULATED_WORKSPACE } = await import('../../simulator/index.ts');
  const estate = loadEstate(nameOrFile);
  const simulator = createSimulator({ estate });
  const { credential, httpClient } = simulator;
  // The simulator throttles as Azure does, by the time of this machine: without a pace a large estate would have gaps.
  const pace = createPace({ now: () => performance.now(), sleep, share: 1 });
  return {
    connect: () => connect({ credential, httpClient, pace }),
    credential,
    environment: 'simulated',
    tenantId: estate.tenantId,
    destination: SIMULATED_DCR,
    workspaceId: SIMULATED_WORKSPACE.id,
    clock: () => simulator.now(),
    simulator,
    standIn: true,
  };
}

/**
 * A server that only stands for Azure never gets the caller's real token: it gets what its own managed identity endpoint
 * gives, or a word that means nothing.
 */
function simulatedLogin(hasIdentity: boolean): TokenCredential {
  if (hasIdentity) return new ManagedIdentityCredential();
  return { getToken: async () => ({ token: 'simulated', expiresOnTimestamp: Date.now() + 3_600_000 }) };
}

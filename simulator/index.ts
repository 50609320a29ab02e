/**
 * Azure on loopback: an estate file in, the real hosts' answers out. Never part of the shipped bundle.
 *
 *     const simulator = createSimulator({ estate: loadEstate('guide') });
 *     new ContainerRegistryManagementClient(simulator.credential, id, { httpClient: simulator.httpClient });
 */
export { type EstateFile, loadEstate, parseEstate } from './estate.ts';
export { parseFaults } from './faultSpec.ts';
export { type FaultRule, missingRegistration } from './faults.ts';
export { generateEstate } from './generate.ts';
export { type Loopback, listen } from './listen.ts';
export { createAlerts, deployedAlerts, type Notification } from './services/alerts.ts';
export { SIMULATED_DCR } from './services/ingestion.ts';
export { SIMULATED_VAULT } from './services/keyVault/ownVault.ts';
export { SIMULATED_WORKSPACE } from './services/logsQuery/workspace.ts';
export type { Simulator, SimulatorOptions } from './simulator.ts';
export { createSimulator } from './simulator.ts';
export { SIMULATED_CALLER } from './token.ts';

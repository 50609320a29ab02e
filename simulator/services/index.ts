import { arm } from './arm.ts';
import { graph } from './graph.ts';
import { identity } from './identity.ts';
import { ingestion } from './ingestion.ts';
import { keyVault } from './keyVault.ts';
import { logsQuery } from './logsQuery.ts';
import { registry } from './registry.ts';
import { resourceGraph } from './resourceGraph.ts';
import type { Service } from './service.ts';
import { teams } from './teams.ts';

/** The managed identity endpoint has no host of its own, so it comes first; Resource Graph is a path of ARM's host. */
export const services: readonly Service[] = [
  identity,
  resourceGraph,
  arm,
  graph,
  ingestion,
  keyVault,
  logsQuery,
  registry,
  teams,
];

import { Command } from 'commander';
import { lookInto } from '../notify/lookInto.ts';
import { markdownOf } from '../notify/report.ts';
import { asking } from '../notify/workspace.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { memoryStore } from '../state/memory.ts';
import { notEmpty } from './notEmpty.ts';
import { azureSession, type Session, simulatedSession } from './session.ts';
import { sweepAll } from './sweepAll.ts';

interface ReportFlags {
  registry: string;
  simulator?: string;
}

export function reportCommand(): Command {
  return new Command('report')
    .requiredOption('--registry <name>', 'the registry, or its login server', notEmpty)
    .option('--simulator <name|file>', 'sweep this estate first, and ask its workspace', notEmpty)
    .action(report);
}

async function report({ registry, simulator }: ReportFlags): Promise<void> {
  const session = simulator ? await sweptSession(simulator) : azureSession();
  const { workspaceId, tenantId = '' } = session;
  if (!workspaceId) {
    throw new Error('report needs the setting WORKSPACE_ID: the output workspaceCustomerId of the deployment');
  }
  const azure = session.connect();
  // Whoever asks by hand wants to know, whichever environment found it.
  const place = { portal: azure.cloud.portal, tenantId, environment: '' };
  const now = session.clock().toISOString();
  process.stdout.write(markdownOf(await lookInto(registry, asking(azure.logs, workspaceId), place, now)));
}

async function sweptSession(estate: string): Promise<Session> {
  const session = await simulatedSession(estate);
  const sweptAt = session.clock().toISOString();
  await sweepAll(session, { policy: DEFAULT_POLICY, store: memoryStore(), publish: true, sweptAt });
  return session;
}

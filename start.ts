import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import { bundle } from './build.ts';
import {
  createSimulator,
  listen,
  loadEstate,
  SIMULATED_DCR,
  SIMULATED_VAULT,
  SIMULATED_WORKSPACE,
} from './simulator/index.ts';

const ROOT = import.meta.dirname;
const CONTAINER = 'acr-warden';
/** The address that the storage emulator has for everybody: `UseDevelopmentStorage=true` means it. */
const STORAGE = 'http://127.0.0.1:10000/devstoreaccount1';
const require = createRequire(import.meta.url);

/** Ends as its program does; `undefined` when that cannot even be started. */
function ended(child: ChildProcess): Promise<number | null | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code));
  });
}

/** The program of Azure Functions Core Tools: the package is optional, and what it is without its download is no program. */
async function coreTools(): Promise<string[] | undefined> {
  let main: string;
  try {
    main = require.resolve('azure-functions-core-tools/lib/main.js');
  } catch {
    return undefined;
  }
  const asked = spawn(process.execPath, [main, '--version'], { stdio: 'ignore' });
  return (await ended(asked)) === 0 ? [process.execPath, main] : undefined;
}

/** Starts the storage emulator on its usual ports, with what it keeps in `.azurite/`. */
async function startStorage(): Promise<ChildProcess> {
  const azurite = require.resolve('azurite/dist/src/azurite.js');
  const options = ['--location', join(ROOT, '.azurite'), '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(process.execPath, [azurite, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ready = new Promise<boolean>((resolve) => {
    const read = (chunk: Buffer): void => {
      said += String(chunk);
      if (said.includes('Azurite Table service is successfully listening')) resolve(true);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => resolve(false));
  });
  if (!(await ready)) throw new Error(`the storage emulator did not start: ${said.trim()}`);
  const { credential } = new ContainerClient('UseDevelopmentStorage=true', CONTAINER);
  await new ContainerClient(`${STORAGE}/${CONTAINER}`, credential).createIfNotExists();
  return child;
}

/** The whole app on this machine, against the simulated estate `guide`, until Ctrl+C. Returns the exit code. */
async function start(): Promise<number> {
  const [node, main] = (await coreTools()) ?? [];
  if (!node || !main) {
    process.stderr.write(
      'npm start needs Azure Functions Core Tools, whose program could not be installed from here: run "npm install azure-functions-core-tools" where downloads are allowed, or "npm run demo", which needs no host.\n',
    );
    return 1;
  }
  await bundle(join(ROOT, 'dist'));
  const estate = loadEstate('guide');
  const simulator = createSimulator({ estate });
  const server = await listen(simulator);
  const storage = await startStorage();
  const host = spawn(node, [main, 'start', '--javascript'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      ENVIRONMENT_NAME: 'local',
      AZURE_TENANT_ID: estate.tenantId,
      AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
      DCR_ENDPOINT: SIMULATED_DCR.endpoint,
      DCR_RULE_ID: SIMULATED_DCR.ruleId,
      STATE_CONTAINER_URL: `${STORAGE}/${CONTAINER}`,
      WORKSPACE_ID: SIMULATED_WORKSPACE.id,
      TEAMS_URL_SECRET: SIMULATED_VAULT.teamsUrlSecret,
      ALERT_RULES_SCOPE: SIMULATED_WORKSPACE.resourceId.split('/providers/')[0],
      SIMULATOR_URL: server.url,
      IDENTITY_ENDPOINT: `${server.url}/msi/token`,
      IDENTITY_HEADER: 'simulated',
    },
  });
  process.stderr.write(
    'A sweep at once: curl -X POST -H "content-type: application/json" -d "{}" http://localhost:7071/admin/functions/planSweep\n',
  );
  // Ctrl+C reaches the host by itself, which then ends; the others end with it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => host.kill());
  const code = await ended(host);
  storage.kill();
  await server.close();
  return code ?? 1;
}

process.exitCode = await start();

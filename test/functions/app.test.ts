import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createSimulator,
  type EstateFile,
  type Loopback,
  listen,
  SIMULATED_DCR,
  type Simulator,
} from '../../simulator/index.ts';
import { openStore } from '../../src/state/open.ts';
import { OTHER_SUB, only, SUB as SUBSCRIPTION, TENANT } from '../build.ts';
import { type Azurite, startAzurite } from '../state/azurite.ts';
import { wireRegistry, wireSubscription, wireToken } from '../wire.ts';
import { bundled, startWorker, type Worker } from './deployed.ts';
import type { Answer } from './messages.ts';

const TIMER = { json: '{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}' };

/** Everything but the admin account is off. */
const POLICY = `checks:\n${Object.keys(only('admin-account-enabled').checks)
  .map((id) => `  ${id}: off\n`)
  .join('')}`;

/** Most of what the identity sees is another tenant's. */
const THEIRS = [OTHER_SUB, '99999999-0000-0000-0000-000000000002'].map((subscriptionId) =>
  wireSubscription({ subscriptionId, tenantId: '99999999-0000-0000-0000-000000000001' }),
);

const estate = {
  tenantId: TENANT,
  subscriptions: [wireSubscription(), ...THEIRS],
  resources: [
    wireRegistry('shop', { adminUserEnabled: true }),
    wireToken('shop', 'ci', [{ name: 'password1', expiry: null, value: 'PLANTED-password' }]),
  ],
};

let build: Awaited<ReturnType<typeof bundled>>;
let azurite: Azurite;

beforeAll(async () => {
  [build, azurite] = await Promise.all([bundled(), startAzurite()]);
});
afterAll(async () => {
  await Promise.all([build.remove(), azurite.stop()]);
});

interface Deployment {
  worker: Worker;
  simulator: Simulator;
  settings: Record<string, string>;
  stop(): Promise<void>;
}

/** The app with a workspace and a state of its own; `change` replaces some of its settings. */
async function deployed(
  container: string,
  change: Record<string, string> = {},
  world: EstateFile = estate,
): Promise<Deployment> {
  const simulator = createSimulator({ estate: world });
  const server: Loopback = await listen(simulator);
  const state = await azurite.container(container);
  // As an operator uploads it.
  await openStore(state, simulator.credential).write('policy/warden.yaml', POLICY);
  const settings = {
    ENVIRONMENT_NAME: 'test',
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
    DCR_ENDPOINT: SIMULATED_DCR.endpoint,
    DCR_RULE_ID: SIMULATED_DCR.ruleId,
    WORKSPACE_ID: '55555555-0000-0000-0000-000000000000',
    ALERT_RULES_SCOPE: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-acr-warden`,
    STATE_CONTAINER_URL: state,
    SIMULATOR_URL: server.url,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    IDENTITY_ENDPOINT: `${server.url}/msi/token`,
    IDENTITY_HEADER: 'simulated',
    ...change,
  };
  const worker = await startWorker(build.folder, settings);
  return {
    worker,
    simulator,
    settings,
    async stop() {
      await worker.stop();
      await server.close();
    },
  };
}

interface Message {
  sweepId: string;
  shard: string;
}

/** What the plan put on its queues, each message with the function that the host brings it to. */
function messagesOf({ registered }: Worker, { outputs = [] }: Answer): { to: string; message: Message }[] {
  const bindings = registered.flatMap(({ name, bindings: own }) =>
    Object.values(own).map((binding) => ({ of: name, binding })),
  );
  return outputs.flatMap(({ name, data }) => {
    const queue = bindings.find(({ of, binding }) => of === 'planSweep' && binding.name === name)?.binding.queueName;
    const receivers = bindings.filter(({ binding }) => binding.type === 'queueTrigger' && binding.queueName === queue);
    expect(receivers).toHaveLength(1);
    const messages: Message[] = JSON.parse(String(data.json));
    return messages.map((message) => ({ to: receivers[0]?.of ?? '', message }));
  });
}

/** The message of the subscription's shard. */
async function planned(worker: Worker): Promise<Message | undefined> {
  const messages = messagesOf(worker, await worker.invoke('planSweep', TIMER));
  return messages.find(({ message }) => message.shard === SUBSCRIPTION)?.message;
}

describe('the bundle in plain Node', () => {
  test('registers each function with its bindings', async () => {
    const { worker, stop } = await deployed('bindings', { SWEEP_INTERVAL_HOURS: '6' });
    const bindings = Object.fromEntries(
      worker.registered.map(({ name, bindings: own }) => [name, Object.values(own).map(withoutName)]),
    );
    expect(Object.keys(bindings).sort()).toEqual(build.names);
    expect(bindings).toMatchObject({
      planSweep: [
        { type: 'timerTrigger', direction: 'in', schedule: '0 0 */6 * * *' },
        { type: 'queue', direction: 'out', queueName: 'sweep-tenants', connection: 'AzureWebJobsStorage' },
        { type: 'queue', direction: 'out', queueName: 'sweep-shards', connection: 'AzureWebJobsStorage' },
      ],
      sweepShard: [
        { type: 'queueTrigger', direction: 'in', queueName: 'sweep-shards', connection: 'AzureWebJobsStorage' },
        { type: 'queue', direction: 'out', queueName: 'sweep-shards', connection: 'AzureWebJobsStorage' },
      ],
      sweepTenant: [
        { type: 'queueTrigger', direction: 'in', queueName: 'sweep-tenants', connection: 'AzureWebJobsStorage' },
      ],
      closeSweep: [{ type: 'timerTrigger', direction: 'in', schedule: '0 */5 * * * *' }],
    });
    await stop();
  });

  test('plan, messages, rows, closing row', async () => {
    const { worker, simulator, stop } = await deployed('whole');
    const planned = await worker.invoke('planSweep', TIMER);
    expect(planned.error).toBeUndefined();
    const messages = messagesOf(worker, planned);
    expect(messages.map(({ to, message }) => [to, message.shard])).toEqual([
      ['sweepTenant', 'tenant'],
      ['sweepShard', SUBSCRIPTION],
    ]);

    const early = await worker.invoke('closeSweep', TIMER);
    expect(early.logs).toEqual(['sweeps closed { sweeps: [], undelivered: 0, dropped: 0 }']);

    const logs = [...planned.logs];
    for (const { to, message } of messages) {
      const swept = await worker.invoke(to, { json: JSON.stringify(message) });
      expect(swept.error).toBeUndefined();
      logs.push(...swept.logs);
    }
    const closed = await worker.invoke('closeSweep', TIMER);
    expect(closed.error).toBeUndefined();
    logs.push(...closed.logs);
    // One line for each of them: plan, two shards, close.
    expect(logs.map((line) => line.split(' {')[0])).toEqual([
      'sweep planned',
      'shard swept',
      'shard swept',
      'sweeps closed',
    ]);
    expect(`${logs.join()}${JSON.stringify(simulator.workspace.tables)}`).not.toContain('PLANTED');
    expect(simulator.workspace.tables.AcrWardenCredentials_CL?.map(({ CredentialName }) => CredentialName)).toEqual([
      'password1 of token ci',
    ]);

    const { tables } = simulator.workspace;
    const findings = (tables.AcrWardenFindings_CL ?? []).map(({ CheckId, Status, RegistryName, Environment }) => ({
      CheckId,
      Status,
      RegistryName,
      Environment,
    }));
    expect(findings).toEqual([
      { CheckId: 'admin-account-enabled', Status: 'new', RegistryName: 'shop', Environment: 'test' },
    ]);
    const sweeps = (tables.AcrWardenSweeps_CL ?? []).map(({ RowKind, Shard, Outcome, Planned, Reported }) => [
      RowKind,
      Shard,
      Outcome,
      Planned,
      Reported,
    ]);
    expect(sweeps).toEqual([
      ['shard', 'tenant', 'complete', null, null],
      ['shard', SUBSCRIPTION, 'complete', null, null],
      ['closed', '', 'complete', 2, 2],
    ]);
    // A plan that the host makes twice within its minute is one sweep.
    expect(new Set(Object.values(tables).flatMap((rows) => rows.map(({ SweptAt }) => SweptAt)))).toEqual(
      new Set([expect.stringMatching(/T\d\d:\d\d:00(\.0+)?Z$/)]),
    );
    expect(simulator.defects).toEqual([]);
    await stop();
  });

  test('a message delivered twice adds nothing', async () => {
    const { worker, simulator, stop } = await deployed('twice');
    const messages = messagesOf(worker, await worker.invoke('planSweep', TIMER));
    for (const { to, message } of [...messages, ...messages]) {
      const swept = await worker.invoke(to, { json: JSON.stringify(message) });
      expect(swept.error).toBeUndefined();
    }
    const { AcrWardenFindings_CL: findings = [], AcrWardenSweeps_CL: sweeps = [] } = simulator.workspace.tables;
    expect({ findings: findings.length, sweeps: sweeps.length }).toEqual({ findings: 1, sweeps: 2 });
    await stop();
  });

  test('a subscription in parts is one message, which sweeps what has not reported, another part first each time', async () => {
    const resources = Array.from({ length: 501 }, (_, n) => wireRegistry(`r${n}`, { adminUserEnabled: true }));
    const { worker, settings, simulator, stop } = await deployed('parts', {}, { ...estate, resources });
    const messages = messagesOf(worker, await worker.invoke('planSweep', TIMER)).map(({ message }) => message);
    const [, message] = messages;
    expect(messages.map(({ shard }) => shard)).toEqual(['tenant', `${SUBSCRIPTION}~1of2`]);
    const deliver = async (delivery: number) => {
      const { logs, error, outputs } = await worker.invoke('sweepShard', { json: JSON.stringify(message) }, delivery);
      const swept = logs.map((line) => /shard: '(.*?)'/.exec(line)?.[1]);
      return { swept, failed: error !== undefined, outputs };
    };
    const store = openStore(settings.STATE_CONTAINER_URL ?? '', simulator.credential);
    await store.write(`shards/${SUBSCRIPTION}~1of2.json`, '{"version":1,"fin');
    expect(await deliver(1)).toEqual({ swept: [`${SUBSCRIPTION}~2of2`], failed: true, outputs: undefined });
    await store.remove(`shards/${SUBSCRIPTION}~1of2.json`);
    expect(await deliver(2)).toEqual({ swept: [`${SUBSCRIPTION}~1of2`], failed: false, outputs: [] });
    expect(await deliver(3)).toEqual({ swept: [], failed: false, outputs: [] });
    const { AcrWardenFindings_CL: findings = [] } = simulator.workspace.tables;
    expect(new Set(findings.map(({ FindingId }) => FindingId)).size).toBe(501);
    await stop();
  });

  test('two instances with one message: the ETag of the blob decides, and both are content', async () => {
    const { worker, simulator, settings, stop } = await deployed('instances');
    const other = await startWorker(build.folder, settings);
    const data = { json: JSON.stringify(await planned(worker)) };
    const answers = await Promise.all([worker.invoke('sweepShard', data), other.invoke('sweepShard', data)]);
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined]);
    const { AcrWardenFindings_CL: findings = [], AcrWardenSweeps_CL: sweeps = [] } = simulator.workspace.tables;
    // Each may have sent its rows; whose state was saved, they say the same.
    expect(new Set(findings.map(({ FindingId, SweepId, Status }) => `${FindingId} ${SweepId} ${Status}`)).size).toBe(1);
    expect(new Set(sweeps.map(({ Outcome }) => Outcome))).toEqual(new Set(['complete']));
    await other.stop();
    await stop();
  });

  test('a shard that cannot be swept fails its message, and leaves a row', async () => {
    const { worker, simulator, settings, stop } = await deployed('damaged');
    const message = await planned(worker);
    const store = openStore(settings.STATE_CONTAINER_URL ?? '', simulator.credential);
    await store.write(`shards/${SUBSCRIPTION}.json`, '{"version":1,"fin');
    const { error, logs } = await worker.invoke('sweepShard', { json: JSON.stringify(message) });
    expect(error).toContain(
      `CorruptStateError: shards/${SUBSCRIPTION}.json in ${settings.STATE_CONTAINER_URL} is damaged`,
    );
    expect(logs).toEqual([]);
    const rows = simulator.workspace.tables.AcrWardenSweeps_CL ?? [];
    expect(rows.map(({ RowKind, Shard, Outcome }) => [RowKind, Shard, Outcome])).toEqual([
      ['shard', SUBSCRIPTION, 'failed'],
    ]);
    expect((await store.read(`shards/${SUBSCRIPTION}.json`))?.text).toBe('{"version":1,"fin');
    await stop();
  });

  test('settings that are wrong are named all at once, before any request', async () => {
    const { worker, simulator, stop } = await deployed('settings', {
      DCR_RULE_ID: '',
      AZURE_TENANT_ID: 'contoso',
      STATE_CONTAINER_URL: 'state',
    });
    const { error } = await worker.invoke('planSweep', TIMER);
    expect(error).toBe(
      'Error: settings: AZURE_TENANT_ID must be the id of the Microsoft Entra tenant; ' +
        'DCR_RULE_ID is empty: the immutable id of the data collection rule, dcr-…; ' +
        'STATE_CONTAINER_URL must be an address: the blob container that keeps the state',
    );
    expect(simulator.requests).toEqual([]);
    await stop();
  });
});

function withoutName({ name: _, ...binding }: Record<string, unknown>): Record<string, unknown> {
  return binding;
}

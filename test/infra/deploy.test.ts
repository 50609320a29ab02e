import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changes, home, other, parametersAnswer, sharedWorkspace, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { place, run: deploy } = workshop('infra/deploy.sh');

describe('a deployment', () => {
  test('checks everything, then makes the stack, and adds the receiver once the host has a key', async () => {
    const { exit, said, calls } = await deploy(['dev'], willingAzure());
    expect({ exit, said }).toMatchObject({ exit: 0 });
    expect(changes(calls)).toEqual(['stack', 'policy', 'code', 'stack', 'with the key', 'graph', 'graph', 'sweep']);
    const stack = calls.filter((call) => call.startsWith('az stack sub create'));
    expect(stack[0]).toBe(
      'az stack sub create --name acr-warden-dev --description acr-warden dev --location westeurope --template-file infra/main.bicep --parameters infra/env/dev.bicepparam --action-on-unmanage deleteResources --deny-settings-mode none --yes --output none ' +
        `--subscription ${home} --only-show-errors`,
    );
    expect(stack[1]).toBe(stack[0]);
    expect(said).toContain('Everything is in the resource group rg-acr-warden-dev.');
  });

  test('never puts the key of the receiver on a command line or a screen', async () => {
    const { said, calls } = await deploy(['dev'], willingAzure());
    expect(calls.filter((call) => call.includes('key-1'))).toEqual(['with receiver key key-1']);
    expect(said).not.toContain('key-1');
  });

  test('asks for the tokens that are needed last before anything that takes time', async () => {
    const { calls } = await deploy(['dev'], willingAzure());
    const next = calls.findIndex((call) => call.startsWith('npm '));
    expect(calls.slice(0, next).filter((call) => call.includes('get-access-token'))).toEqual([
      `az account get-access-token --scope https://storage.azure.com/.default --output none --subscription ${home} --only-show-errors`,
      `az account get-access-token --resource-type ms-graph --output none --subscription ${home} --only-show-errors`,
    ]);
  });

  test('needs no operators where the caller may write blobs anyhow', async () => {
    const writer = '{"value":[{"actions":["*"],"dataActions":["Microsoft.Storage/*"]}]}';
    const { exit, said } = await deploy(
      ['dev'],
      [parametersAnswer({ operators: [] }), { call: 'az rest *permissions*', out: writer }, ...willingAzure()],
    );
    expect(exit).toBe(0);
    expect(said).toContain(`needed at /subscriptions/${other}: Microsoft.Resources/deployments/write `);
  });

  test('run again, passes the key at once and makes the stack once', async () => {
    const { exit, calls } = await deploy(['dev'], willingAzure({ existed: true }));
    expect(exit).toBe(0);
    expect(changes(calls)).toEqual(['stack', 'with the key', 'code', 'graph', 'graph', 'sweep']);
  });

  test('makes the tables of an existing workspace itself, outside the stack', async () => {
    const { exit, calls } = await deploy(
      ['dev'],
      [
        parametersAnswer({ workspaceId: sharedWorkspace, retentionDays: 60, totalRetentionDays: 90 }),
        { call: 'az resource show *', out: 'West Europe' },
        ...willingAzure(),
      ],
    );
    expect(exit).toBe(0);
    expect(changes(calls).slice(0, 2)).toEqual(['tables', 'stack']);
    expect(calls).toContain(
      `az deployment group create --subscription ${other} --resource-group rg-logs --name acr-warden-tables --template-file infra/modules/tables.bicep --only-show-errors --parameters workspaceName=log-shared retentionDays=60 totalRetentionDays=90 --output none`,
    );
  });

  test('forbids to others what the environment says', async () => {
    const { exit, calls } = await deploy(
      ['dev'],
      [parametersAnswer({ denySettings: 'denyDelete' }), ...willingAzure()],
    );
    expect(exit).toBe(0);
    expect(calls.find((call) => call.startsWith('az stack sub create'))).toContain('--deny-settings-mode denyDelete ');
  });

  test('runs preflight with the state of the deployment, after everything it looks at is there', async () => {
    const { calls } = await deploy(['dev'], willingAzure());
    const preflight = calls.indexOf(
      'npm run --silent warden -- preflight --strict --state https://acrwdevx.blob.example/acr-warden',
    );
    const graph = calls.findIndex((call) => call.startsWith('az rest --method post') && call.includes('appRole'));
    const sweep = calls.findIndex((call) => call.includes('planSweep'));
    expect([graph, preflight, sweep].every((at, index, all) => at > (all[index - 1] ?? -1))).toBe(true);
  });

  test('waits for rights to spread before it gives up on the policy', async () => {
    const { exit, calls } = await deploy(
      ['dev'],
      [{ call: 'az storage blob upload *', times: 2, exit: 1 }, ...willingAzure()],
    );
    expect(exit).toBe(0);
    expect(calls.filter((call) => call.startsWith('az storage blob upload'))).toHaveLength(3);
  });

  test.each<{ what: string; answer: Answer; said: string }>([
    {
      what: 'Graph',
      answer: { call: 'az rest --method post *appRoleAssignments*', exit: 1 },
      said: 'reported as a gap',
    },
    { what: 'preflight', answer: { call: 'npm *preflight*', exit: 1 }, said: 'preflight found something' },
    {
      what: 'the first sweep',
      answer: { call: 'az rest --method post *planSweep*', exit: 1 },
      said: 'the timer starts',
    },
  ])('ends well though $what is refused, and says so', async ({ answer, said }) => {
    const outcome = await deploy(['dev'], [answer, ...willingAzure({ existed: true })]);
    expect(outcome.exit).toBe(0);
    expect(outcome.said).toContain(said);
    expect(changes(outcome.calls)).toContain('sweep');
  });
});

test('the archive that is deployed is the one that was built', async () => {
  const archive = join(place.root, 'out', 'acr-warden-dev.zip');
  await rm(archive, { force: true });
  const { calls } = await deploy(['dev'], willingAzure());
  expect(calls.find((call) => call.includes('config-zip'))).toContain(`--src ${archive}`);
  expect((await readFile(archive)).includes('dist/src/functions/planSweep.js')).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { changes, ownWorkspace, parametersAnswer, sharedWorkspace, tablesAnswer, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { run: deploy } = workshop('infra/deploy.sh');
const inShared: Answer[] = [
  parametersAnswer({ workspaceId: sharedWorkspace }),
  { call: 'az resource show *', out: 'westeurope' },
];

describe('a column that this commit does not know', () => {
  const newer = tablesAnswer({ AcrWardenSweeps_CL: ['TimeGenerated', 'Later'] });

  test.each<{ where: string; args: string[]; answers: Answer[]; existed: boolean }>([
    { where: 'a workspace of its own', args: ['dev'], answers: [], existed: true },
    { where: 'a workspace of its own', args: ['dev', '--what-if'], answers: [], existed: true },
    { where: 'a shared workspace', args: ['dev'], answers: inShared, existed: false },
  ])('in $where stops $args', async ({ args, answers, existed }) => {
    const { exit, said, calls } = await deploy(args, [newer, ...answers, ...willingAzure({ existed })]);
    expect(said).toContain('would delete with all data: AcrWardenSweeps_CL.Later.');
    expect(exit).toBe(1);
    expect(changes(calls)).toEqual([]);
  });

  test('goes with --drop-columns', async () => {
    const { exit, calls } = await deploy(['dev', '--drop-columns'], [newer, ...willingAzure({ existed: true })]);
    expect(exit).toBe(0);
    expect(changes(calls)).toContain('stack');
  });
});

describe('rows that are kept for longer', () => {
  const kept = tablesAnswer({ AcrWardenSweeps_CL: ['TimeGenerated'] }, 30, 730);
  const month: Answer[] = [
    kept,
    parametersAnswer({ workspaceId: sharedWorkspace, retentionDays: 30, totalRetentionDays: 30 }),
    ...inShared,
  ];

  test('in a shared workspace stop a deployment that would shorten that', async () => {
    const { exit, said, calls } = await deploy(['dev'], [...month, ...willingAzure()]);
    expect(said).toContain('rows would be kept for 30 / 30 days only: AcrWardenSweeps_CL (30 / 730).');
    expect(exit).toBe(1);
    expect(changes(calls)).toEqual([]);
  });

  test('are shortened with --shorten-retention', async () => {
    const { exit, calls } = await deploy(['dev', '--shorten-retention'], [...month, ...willingAzure()]);
    expect(exit).toBe(0);
    expect(changes(calls)).toContain('tables');
  });

  test('in a workspace of its own are what its parameters say', async () => {
    const short = parametersAnswer({ retentionDays: 30, totalRetentionDays: 30 });
    const { exit } = await deploy(['dev', '--what-if'], [kept, short, ...willingAzure({ existed: true })]);
    expect(exit).toBe(0);
  });
});

describe('a workspace of its own, when another is named', () => {
  const holds = 'az stack sub show *resources*';
  const none: Answer = { call: 'az resource list *OperationalInsights*', out: sharedWorkspace };

  test.each<{ what: string; answers: Answer[]; exit: number }>([
    { what: 'the stack holds it', answers: [{ call: holds, out: ownWorkspace }], exit: 1 },
    { what: 'the stack does not say what it holds, and it is there', answers: [{ call: holds, out: 'None' }], exit: 1 },
    {
      what: 'the stack holds nothing, and it is not there',
      answers: [{ call: holds, times: 1, out: '' }, none],
      exit: 0,
    },
    { what: 'the stack holds other things', answers: [{ call: holds, times: 1, out: sharedWorkspace }], exit: 0 },
  ])('$what: exit $exit', async ({ answers, exit }) => {
    const outcome = await deploy(['dev'], [...inShared, ...answers, ...willingAzure({ existed: true })]);
    expect(outcome.exit).toBe(exit);
    expect(changes(outcome.calls).includes('stack')).toBe(exit === 0);
    if (exit === 1) expect(outcome.said).toContain(`would delete ${ownWorkspace} and every row in it`);
  });
});

describe('the receiver of alerts, whose key cannot be read', () => {
  const unread: Answer = { call: 'az functionapp function keys list *', times: 1, exit: 1 };
  const group = 'az rest --method get *actionGroups/ag-acr-warden-dev?*';

  test('is told, and put back at the end: the app may not start, which only a deployment mends', async () => {
    const { exit, said, calls } = await deploy(['dev'], [unread, ...willingAzure({ existed: true })]);
    expect(said).toContain('the key of receiveAlert cannot be read: until the step "receiver" nobody calls the app');
    expect(exit).toBe(0);
    expect(changes(calls)).toEqual(['stack', 'code', 'stack', 'with the key', 'graph', 'graph', 'sweep']);
  });

  test('is told again where the code cannot be deployed', async () => {
    const code = { call: 'az functionapp deployment source config-zip *', exit: 1 };
    const { exit, said } = await deploy(['dev'], [unread, code, ...willingAzure({ existed: true })]);
    expect(exit).toBe(1);
    expect(said).toMatch(/the code could not be deployed: .*: until then nobody calls receiveAlert/);
  });

  test('stops the deployment where nobody can tell whether anybody calls it', async () => {
    const answers = [unread, { call: group, exit: 1 }, ...willingAzure({ existed: true })];
    const { exit, said, calls } = await deploy(['dev'], answers);
    expect(said).toContain('the key of receiveAlert cannot be read, nor whether');
    expect(exit).toBe(1);
    expect(changes(calls)).toEqual([]);
  });

  test('stops nothing while nobody calls it: the host has not started yet', async () => {
    const answers = [unread, { call: group, out: '' }, ...willingAzure({ existed: true })];
    const { exit, calls } = await deploy(['dev'], answers);
    expect(exit).toBe(0);
    expect(changes(calls)).toEqual(['stack', 'code', 'stack', 'with the key', 'graph', 'graph', 'sweep']);
  });

  test('is told of by --what-if, which shows the receiver as taken out', async () => {
    const { exit, said } = await deploy(['dev', '--what-if'], [unread, ...willingAzure({ existed: true })]);
    expect(exit).toBe(0);
    expect(said).toContain('what follows takes the receiver out, which a deployment does not');
  });
});

test.each([
  { what: 'tables', call: 'az rest --method get *workspaces/*/tables*', said: 'cannot read the tables of' },
  { what: 'workspaces', call: 'az resource list *OperationalInsights*', said: 'cannot list what there is of' },
])('$what that cannot be read are not taken for none', async ({ call, said }) => {
  const outcome = await deploy(['dev'], [{ call, exit: 1 }, ...willingAzure({ existed: true })]);
  expect(outcome.said).toContain(said);
  expect(outcome.exit).toBe(1);
  expect(changes(outcome.calls)).toEqual([]);
});

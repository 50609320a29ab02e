import { describe, expect, test } from 'vitest';
import { changes, parametersAnswer, sharedWorkspace, tablesAnswer, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { run: deploy } = workshop('infra/deploy.sh');
const inShared: Answer[] = [
  parametersAnswer({ workspaceId: sharedWorkspace }),
  { call: 'az resource show *', out: 'westeurope' },
];

describe('a column that this commit does not know', () => {
  const newer = tablesAnswer({ AcrWardenSweeps_CL: ['TimeGenerated', 'Later'] });

  test.each([
    { where: 'a workspace of its own', answers: [] },
    { where: 'a shared workspace', answers: inShared },
  ])('in $where stops the deployment and its preview', async ({ answers }) => {
    for (const args of [['dev'], ['dev', '--what-if']]) {
      const existed = answers.length === 0;
      const { exit, said, calls } = await deploy(args, [newer, ...answers, ...willingAzure({ existed })]);
      expect(said).toContain('would delete with all data: AcrWardenSweeps_CL.Later.');
      expect(exit).toBe(1);
      expect(changes(calls)).toEqual([]);
    }
  });

  test('goes with --drop-columns', async () => {
    const { exit, calls } = await deploy(['dev', '--drop-columns'], [newer, ...willingAzure({ existed: true })]);
    expect(exit).toBe(0);
    expect(changes(calls)).toContain('stack');
  });
});

test.each([
  { what: 'tables', call: 'az rest --method get *workspaces/*/tables*', said: 'cannot read the tables of' },
  { what: 'workspaces', call: 'az resource list *', said: 'cannot list the workspaces' },
])('$what that cannot be read are not taken for none', async ({ call, said }) => {
  const outcome = await deploy(['dev'], [{ call, exit: 1 }, ...willingAzure({ existed: true })]);
  expect(outcome.said).toContain(said);
  expect(outcome.exit).toBe(1);
  expect(changes(outcome.calls)).toEqual([]);
});

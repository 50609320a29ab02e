import { describe, expect, test } from 'vitest';
import { changes, home, parametersAnswer, sharedWorkspace, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { run: deploy } = workshop('infra/deploy.sh');

describe('a failure on the way stops there, and says that it can be run again', () => {
  test.each<{ what: string; answer: Answer; said: string; done: string[] }>([
    {
      what: 'the stack',
      answer: { call: 'az stack sub create *', exit: 1 },
      said: 'run deploy.sh again',
      done: ['stack'],
    },
    {
      what: 'the code',
      answer: { call: 'az functionapp deployment *', exit: 1 },
      said: 'run deploy.sh again',
      done: ['stack', 'policy', 'code'],
    },
    {
      what: 'the start of the app',
      answer: { call: 'az functionapp function keys list *', exit: 1 },
      said: 'receiveAlert has no key yet',
      done: ['stack', 'policy', 'code'],
    },
  ])('$what', async ({ answer, said, done }) => {
    const outcome = await deploy(['dev'], [answer, ...willingAzure()]);
    expect(outcome.exit).toBe(1);
    expect(outcome.said).toContain(said);
    expect(changes(outcome.calls)).toEqual(done);
  });

  test('the policy, with what Azure said', async () => {
    const { exit, said, calls } = await deploy(
      ['dev'],
      [{ call: 'az storage blob upload *', exit: 1, out: 'AuthorizationPermissionMismatch' }, ...willingAzure()],
    );
    expect(exit).toBe(1);
    expect(said.indexOf('AuthorizationPermissionMismatch')).toBeLessThan(said.indexOf('are you among'));
    expect(said).toContain('are you among the operators of infra/env/dev.bicepparam?');
    expect(new Set(changes(calls))).toEqual(new Set(['stack', 'policy']));
  });
});

test('a login that has ended is not waited for, nor called a missing right', async () => {
  const { exit, said, calls } = await deploy(
    ['dev'],
    [{ call: 'az storage blob upload *', exit: 1, out: 'AADSTS700024: Client assertion' }, ...willingAzure()],
  );
  expect(exit).toBe(1);
  expect(said).toContain('AADSTS700024');
  expect(said).toContain('the login has ended');
  expect(said).not.toContain('operators');
  expect(changes(calls)).toEqual(['stack', 'policy']);
});

describe('--what-if', () => {
  test('shows what the stack would change, deletions too, and changes nothing', async () => {
    const { exit, calls } = await deploy(
      ['dev', '--what-if'],
      [
        // Whoever previews need not be allowed to deploy.
        { call: 'az rest *permissions*', out: '{"value":[]}' },
        ...willingAzure(),
      ],
    );
    expect(exit).toBe(0);
    expect(calls.at(-1)).toContain(
      `az stack-whatif sub create --name acr-warden-dev-preview --retention-interval PT1H --stack-id /subscriptions/${home}/providers/Microsoft.Resources/deploymentStacks/acr-warden-dev --location westeurope`,
    );
    expect(calls.at(-1)).toContain(' --validation-level ProviderNoRbac ');
    expect(changes(calls.slice(0, -1))).toEqual([]);
  });

  test('with an older az shows what the deployment would change, and says what is missing', async () => {
    const { exit, said, calls } = await deploy(
      ['dev', '--what-if'],
      [{ call: 'az stack-whatif *', exit: 2 }, { call: 'az deployment sub what-if *' }, ...willingAzure()],
    );
    expect(exit).toBe(0);
    expect(said).toContain('deletions are not shown');
    expect(said).toContain("'az deployment sub what-if' has no --validation-level");
    expect(calls.at(-1)).toContain('az deployment sub what-if --location westeurope');
    expect(calls.at(-1)).not.toContain('--validation-level');
    expect(changes(calls)).toEqual([]);
  });
});

test('--what-if looks at the tables of a shared workspace without the right to make them', async () => {
  const { exit, calls } = await deploy(
    ['dev', '--what-if'],
    [
      parametersAnswer({ workspaceId: sharedWorkspace }),
      { call: 'az resource show *', out: 'westeurope' },
      ...willingAzure(),
    ],
  );
  expect(exit).toBe(0);
  expect(calls.find((call) => call.startsWith('az deployment group what-if --sub'))).toContain(
    ' --validation-level ProviderNoRbac',
  );
});

describe('--destroy', () => {
  test('removes the stack and everything in it, and says what stays', async () => {
    const { exit, said, calls } = await deploy(['dev', '--destroy', '--yes'], willingAzure({ existed: true }));
    expect(exit).toBe(0);
    expect(changes(calls)).toEqual(['removal']);
    expect(calls.at(-1)).toBe(
      `az stack sub delete --name acr-warden-dev --action-on-unmanage deleteAll --yes --subscription ${home} --only-show-errors`,
    );
    expect(said).toContain('the name of the vault acrwdevx until its retention ends');
  });

  test('again, when nothing is left, is no failure', async () => {
    const { exit, said, calls } = await deploy(['dev', '--destroy', '--yes'], willingAzure());
    expect(exit).toBe(0);
    expect(said).toContain(`there is no stack acr-warden-dev in subscription ${home}: nothing to remove`);
    expect(changes(calls)).toEqual([]);
  });

  test('of what cannot be listed is not taken for done', async () => {
    const { exit, said } = await deploy(
      ['dev', '--destroy', '--yes'],
      [{ call: 'az stack sub list *', exit: 1 }, ...willingAzure()],
    );
    expect(exit).toBe(1);
    expect(said).toContain('cannot list the deployment stacks');
  });

  test('without a terminal and without --yes removes nothing', async () => {
    const { exit, said, calls } = await deploy(['dev', '--destroy'], willingAzure({ existed: true }));
    expect(exit).toBe(1);
    expect(said).toContain('needs --yes');
    expect(changes(calls)).toEqual([]);
  });
});

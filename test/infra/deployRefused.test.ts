import { describe, expect, test } from 'vitest';
import { changes, home, other, parametersAnswer, sharedWorkspace, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { run: deploy } = workshop('infra/deploy.sh');

const vault = `/subscriptions/${other}/resourceGroups/rg-ci/providers/Microsoft.KeyVault/vaults/kv-ci`;

describe('nothing is created when', () => {
  test.each<{ what: string; answers: Answer[]; said: string; args?: string[] }>([
    { what: 'az is too old', answers: [{ call: 'az version *', out: '2.60.1' }], said: '2.61.0 is needed' },
    { what: 'az is broken', answers: [{ call: 'az version *', exit: 1 }], said: 'az does not run' },
    { what: 'nobody is logged in', answers: [{ call: 'az account show *', exit: 1 }], said: 'run az login' },
    { what: 'Storage gives no token', answers: [{ call: 'az account get-access-token *', exit: 1 }], said: 'no token' },
    { what: 'packages cannot be had', answers: [{ call: 'npm ci *', exit: 1 }], said: 'npm ci failed' },
    { what: 'the parameters do not build', answers: [{ call: 'az bicep *', exit: 1 }], said: 'does not build' },
    {
      what: 'a parameter is nonsense',
      answers: [parametersAnswer({ alertEmails: ['ana'] })],
      said: 'alertEmails.0 is not an address',
    },
    {
      what: 'the region has no Flex Consumption',
      answers: [{ call: 'az functionapp list-flexconsumption-locations *', out: 'northeurope' }],
      said: 'not offered in westeurope',
    },
    {
      what: 'the workspace is in another region',
      answers: [parametersAnswer({ workspaceId: sharedWorkspace }), { call: 'az resource show *', out: 'northeurope' }],
      said: 'the workspace is in northeurope and the location is westeurope',
    },
    {
      what: 'the caller may not give rights at home',
      answers: [
        {
          call: `az rest *${home}*permissions*`,
          out: '{"value":[{"actions":["*"],"notActions":["Microsoft.Authorization/*/Write"]}]}',
        },
      ],
      said: `you may not Microsoft.Authorization/roleAssignments/write, Microsoft.Authorization/roleDefinitions/write at /subscriptions/${home}:`,
    },
    {
      what: 'the caller may not give rights in an audited subscription',
      answers: [{ call: `az rest *${other}*permissions*`, out: '{"value":[]}' }],
      said: `at /subscriptions/${other}:`,
    },
    {
      what: 'the caller may not take rights back',
      answers: [
        {
          call: `az rest *${home}*permissions*`,
          out: '{"value":[{"actions":["*"],"notActions":["Microsoft.Authorization/*/Delete"]}]}',
        },
      ],
      said: `you may not Microsoft.Authorization/roleAssignments/delete, Microsoft.Authorization/roleDefinitions/delete at /subscriptions/${home}:`,
    },
    {
      what: 'the caller may not give rights at a vault',
      answers: [
        parametersAnswer({ policyVaults: [vault] }),
        { call: `az rest *${vault}/*permissions*`, out: '{"value":[]}' },
      ],
      said: `at ${vault}:`,
    },
    {
      what: 'there is no such vault',
      answers: [parametersAnswer({ policyVaults: [vault] }), { call: `az rest *${vault}/*permissions*`, exit: 3 }],
      said: `cannot read what you may do at ${vault}`,
    },
    {
      what: 'nobody could upload a policy',
      answers: [parametersAnswer({ operators: [] })],
      said: 'operators of infra/env/dev.bicepparam is empty',
    },
    {
      what: 'deny settings are wanted and may not be managed',
      answers: [
        parametersAnswer({ denySettings: 'denyDelete' }),
        {
          call: `az rest *${home}*permissions*`,
          out: '{"value":[{"actions":["*"],"notActions":["Microsoft.Resources/deploymentStacks/manageDenySetting/action"]}]}',
        },
      ],
      said: 'manageDenySetting',
    },
    { what: 'the policy is bad', answers: [{ call: 'npm *policy check*', exit: 1 }], said: 'not a good policy' },
    { what: 'there is no such policy', answers: [], args: ['dev', '--policy', 'none.yaml'], said: 'none.yaml' },
    { what: 'the build fails', answers: [{ call: 'npm *build', exit: 1 }], said: 'the build failed' },
    { what: 'there is no such environment', answers: [], args: ['test'], said: 'no infra/env/test.bicepparam' },
    { what: 'none is named', answers: [], args: [], said: 'which environment?' },
    { what: 'two are named', answers: [], args: ['dev', 'prod'], said: 'one environment at a time' },
    { what: 'an option is misspelled', answers: [], args: ['dev', '--whatif'], said: 'unknown option --whatif' },
    { what: 'an option lacks its value', answers: [], args: ['dev', '--policy'], said: '--policy needs a value' },
  ])('$what', async ({ answers, said, args = ['dev'] }) => {
    const outcome = await deploy(args, [...answers, ...willingAzure()]);
    expect(outcome.said).toContain(said);
    expect(outcome.exit).toBe(1);
    expect(changes(outcome.calls)).toEqual([]);
  });

  test.each([
    { what: 'stacks', call: 'az stack sub list *', message: 'cannot list the deployment stacks' },
    { what: 'workspace', call: 'az stack sub show *workspaceId*', message: 'cannot read the stack acr-warden-dev' },
  ])('which $what there are cannot be read: it may be one that the stack would delete', async ({ call, message }) => {
    const { exit, said, calls } = await deploy(
      ['dev'],
      [
        parametersAnswer({ workspaceId: sharedWorkspace }),
        { call: 'az resource show *', out: 'westeurope' },
        { call, exit: 1 },
        ...willingAzure({ existed: true }),
      ],
    );
    expect(said).toContain(message);
    expect(exit).toBe(1);
    expect(changes(calls)).toEqual([]);
  });

  test('the stack would delete a workspace with its rows', async () => {
    const { exit, said, calls } = await deploy(
      ['dev'],
      [
        parametersAnswer({ workspaceId: sharedWorkspace }),
        { call: 'az resource show *', out: 'westeurope' },
        ...willingAzure({ existed: true }),
      ],
    );
    expect(said).toContain('and every row in it');
    expect(exit).toBe(1);
    expect(changes(calls)).toEqual([]);
  });
});

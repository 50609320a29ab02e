import { describe, expect, test } from 'vitest';
import { principal, willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { run: grant } = workshop('infra/grant-graph.sh');
const posts = (calls: string[]) => calls.filter((call) => call.startsWith('az rest --method post'));

describe('grant-graph.sh', () => {
  test('grants what is missing and leaves alone what is there', async () => {
    const { exit, said, calls } = await grant([principal], willingAzure());
    expect(exit).toBe(0);
    const url = `https://graph.microsoft.com/v1.0/servicePrincipals/${principal}/appRoleAssignments`;
    const body = (role: string) => `{"principalId":"${principal}","resourceId":"graph","appRoleId":"${role}"}`;
    expect(posts(calls)).toEqual([
      `az rest --method post --url ${url} --output none --only-show-errors --body ${body('role-g')}`,
      `az rest --method post --url ${url} --output none --only-show-errors --body ${body('role-u')}`,
    ]);
    expect(said.split('\n').map((line) => line.split('. ')[0])).toEqual([
      'Application.Read.All: granted already',
      'GroupMember.Read.All: granted',
      'User.ReadBasic.All: granted',
      '',
    ]);
  });

  test('run again, grants nothing', async () => {
    const all: Answer = { call: 'az rest --method get *appRoleAssignments*', out: 'role-a\nROLE-G\nrole-u' };
    const { exit, calls } = await grant([principal], [all, ...willingAzure()]);
    expect(exit).toBe(0);
    expect(posts(calls)).toEqual([]);
  });

  test('goes to the Graph of the cloud that az is in', async () => {
    const china: Answer = { call: 'az cloud show *', out: 'https://microsoftgraph.chinacloudapi.cn' };
    const { calls } = await grant([principal], [china, ...willingAzure()]);
    expect(posts(calls)[0]).toContain('--url https://microsoftgraph.chinacloudapi.cn/v1.0/servicePrincipals/');
  });

  test('tries the others when one is refused, and says who must run it', async () => {
    const refused: Answer = { call: 'az rest --method post *role-g*', exit: 1 };
    const { exit, said, calls } = await grant([principal], [refused, ...willingAzure()]);
    expect(exit).toBe(1);
    expect(posts(calls)).toHaveLength(2);
    expect(said).toContain('GroupMember.Read.All: NOT granted');
    expect(said).toContain(
      `a Privileged Role Administrator or Global Administrator must run:\n  infra/grant-graph.sh ${principal}`,
    );
  });

  test.each<{ what: string; args: string[]; answers: Answer[]; said: string }>([
    { what: 'no id', args: [], answers: [], said: "'' is not an object id" },
    { what: 'a name', args: ['id-acr-warden'], answers: [], said: "'id-acr-warden' is not an object id" },
    { what: 'no login', args: [principal], answers: [{ call: 'az ad sp *', exit: 1 }], said: 'Run: az login' },
    {
      what: 'the id of nobody',
      args: [principal],
      answers: [{ call: 'az rest --method get *', exit: 1 }],
      said: 'is it the principalId of the deployment',
    },
    {
      what: 'a permission that this cloud lacks',
      args: [principal],
      answers: [{ call: 'az ad sp show *User.ReadBasic.All*', out: '' }],
      said: 'does not know User.ReadBasic.All',
    },
  ])('$what is an error that says what to do', async ({ args, answers, said }) => {
    const outcome = await grant(args, [...answers, ...willingAzure()]);
    expect(outcome.exit).toBe(1);
    expect(outcome.said).toContain(said);
  });
});

import { expect, test } from 'vitest';
import { lackingActions } from '../../infra/caller.ts';

const assign = 'Microsoft.Authorization/roleAssignments/write';
const stack = 'Microsoft.Resources/deploymentStacks/write';

type Role = { actions: string[]; notActions?: string[] };
const owner: Role = { actions: ['*'], notActions: [] };
const contributor: Role = {
  actions: ['*'],
  notActions: ['Microsoft.Authorization/*/Write', 'Microsoft.Authorization/*/Delete'],
};
const administrator: Role = { actions: ['Microsoft.Authorization/roleAssignments/write'] };

test.each<{ who: string; roles: Role[]; lacking: string[] }>([
  { who: 'an Owner', roles: [owner], lacking: [] },
  { who: 'a Contributor', roles: [contributor], lacking: [assign] },
  { who: 'a Contributor who also administers rights', roles: [contributor, administrator], lacking: [] },
  {
    who: 'somebody with another case',
    roles: [{ actions: ['microsoft.authorization/ROLEASSIGNMENTS/*', stack] }],
    lacking: [],
  },
  { who: 'a dot that is no wildcard', roles: [{ actions: ['MicrosoftxAuthorization/*'] }], lacking: [assign, stack] },
  { who: 'nobody', roles: [], lacking: [assign, stack] },
])('$who lacks $lacking', ({ roles, lacking }) => {
  expect(lackingActions(JSON.stringify({ value: roles }), [assign, stack])).toEqual(lacking);
});

test.each<{ who: string; roles: object[]; lacking: string[] }>([
  { who: 'an Owner', roles: [{ actions: ['*'] }], lacking: ['blobs/write'] },
  { who: 'somebody with the data action', roles: [{ dataActions: ['blobs/*'] }], lacking: [] },
  {
    who: 'somebody from whose role it is taken',
    roles: [{ dataActions: ['*'], notDataActions: ['blobs/write'] }],
    lacking: ['blobs/write'],
  },
])('of data actions $who lacks $lacking', ({ roles, lacking }) => {
  expect(lackingActions(JSON.stringify({ value: roles }), ['blobs/write'], 'dataActions')).toEqual(lacking);
});

test('an answer that is none is an error that shows it', () => {
  expect(() => lackingActions('{"error":{"code":"AuthorizationFailed"}}', [assign])).toThrow(
    'ARM does not say what the caller may do, but: {"error":{"code":"AuthorizationFailed"}}',
  );
});

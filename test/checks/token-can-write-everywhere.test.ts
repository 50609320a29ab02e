import { expect, test } from 'vitest';
import { tokenCanWriteEverywhere } from '../../src/checks/token-can-write-everywhere.ts';
import { inDays, scopeMap } from '../access/builders.ts';
import { fromNow, input, password, registry, registryId, SUB, token } from '../build.ts';
import { told } from './told.ts';

const ALL = scopeMap('_repositories_push', 'repositories/*/content/read', 'repositories/*/content/write');
const FOUND = ['shop [ci] medium'];

test.each([
  ['every repository', ALL, [password()], FOUND],
  ['in other letters', scopeMap('x', 'Repositories/*/Content/Write'), [password()], FOUND],
  ['every repository, reading', scopeMap('x', 'repositories/*/content/read'), [password()], []],
  ['every repository, deleting only', scopeMap('x', 'repositories/*/content/delete'), [password()], []],
  ['every repository, metadata only', scopeMap('x', 'repositories/*/metadata/write'), [password()], []],
  ['a prefix', scopeMap('x', 'repositories/team-a/*/content/write'), [password()], []],
  ['one repository', scopeMap('x', 'repositories/app/content/write'), [password()], []],
  ['no password to sign in with', ALL, [], []],
  ['a password that ends in a second', ALL, [password(fromNow(1))], FOUND],
  ['a password that ended now', ALL, [password(fromNow(0))], []],
  ['a dead and a good password', ALL, [password(inDays(-1)), password(inDays(1), 'password2')], FOUND],
])('%s', (_, map, passwords, expected) => {
  const tokens = [token({ scopeMapId: map.id.toUpperCase(), passwords })];
  expect(told(tokenCanWriteEverywhere, { registries: [registry()], scopeMaps: [map], tokens })).toEqual(expected);
});

test.each([
  ['a disabled token', { scopeMapId: ALL.id, enabled: false, passwords: [password()] }],
  ['a token without a scope map', { passwords: [password()] }],
  ['a scope map that could not be read', { scopeMapId: 'unread', passwords: [password()] }],
])('silent: %s', (_, change) => {
  expect(
    told(tokenCanWriteEverywhere, { registries: [registry()], scopeMaps: [ALL], tokens: [token(change)] }),
  ).toEqual([]);
});

test('the whole finding', () => {
  const tokens = [token({ scopeMapId: ALL.id, passwords: [password()] })];
  const place = `--registry shop --subscription ${SUB}`;
  expect(tokenCanWriteEverywhere.run(input({ registries: [registry()], scopeMaps: [ALL], tokens }))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'ci',
      reason: 'Token ci may write to every repository of shop through scope map _repositories_push.',
      evidence: { scopeMap: '_repositories_push', actions: ALL.actions },
      owners: [],
      fix: `az acr scope-map create --name ci-write ${place} --repository <its repository> content/read content/write; then az acr token update --name ci ${place} --scope-map ci-write`,
    },
  ]);
});

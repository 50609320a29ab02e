import { expect, test } from 'vitest';
import { grantsOfRole, grantsOfScopeMap, unionOfGrants, writesEverywhere } from '../../src/access/rights.ts';
import { role } from './builders.ts';

const ACR = 'Microsoft.ContainerRegistry/registries';
const REPOSITORY = `${ACR}/repositories/content`;

test.each([
  ['AcrPull', [`${ACR}/pull/read`], ['pull'], []],
  ['AcrPush', [`${ACR}/pull/read`, `${ACR}/push/write`], ['pull', 'push'], []],
  ['AcrDelete', [`${ACR}/artifacts/delete`], ['delete'], []],
  ['Reader pulls', ['*/read'], ['pull'], []],
  ['Owner', ['*'], ['pull', 'push', 'delete', 'admin'], ['admin']],
  ['everything but the registry', [`${ACR}/*`, `-${ACR}/write`], ['pull', 'push', 'delete'], []],
  ['all reads but pull', ['*/read', `-${ACR}/pull/*`], [], []],
  ['letter case does not matter', ['MICROSOFT.CONTAINERREGISTRY/registries/PULL/read'], ['pull'], []],
  ['a star in the middle', ['Microsoft.ContainerRegistry/*/read'], ['pull'], []],
  ['two stars', ['*/registries/*/write'], ['push'], []],
  ['a star stands for nothing too', [`${ACR}/pull/read*`], ['pull'], []],
  ['what overlaps itself is not enough', [`${ACR}/pull/pull/*read`], [], []],
  ['a prefix is no match', [`${ACR}/pull`], [], []],
  ['a dot is a dot', ['MicrosoftxContainerRegistry/registries/pull/read'], [], []],
  ['repository reader', [`data:${REPOSITORY}/read`], [], ['pull']],
  ['all data', ['data:*'], [], ['pull', 'push', 'delete']],
  ['all data but deleting', ['data:*', `-data:${REPOSITORY}/delete`], [], ['pull', 'push']],
  ['data actions in the place of actions', [`${REPOSITORY}/read`], [], []],
  ['nothing', [], [], []],
])('%s', (_, actions, legacy, abac) => {
  const { permissions } = role('any', ...actions);
  expect([
    grantsOfRole(permissions, 'LegacyRegistryPermissions'),
    grantsOfRole(permissions, 'AbacRepositoryPermissions'),
  ]).toEqual([legacy, abac]);
});

test('permissions add up, and each takes away only from itself', () => {
  const permissions = [
    ...role('a', '*', `-${ACR}/pull/read`).permissions,
    ...role('b', `${ACR}/pull/read`).permissions,
  ];
  expect(grantsOfRole(permissions, 'LegacyRegistryPermissions')).toEqual(['pull', 'push', 'delete', 'admin']);
});

test.each([
  [['repositories/app/content/read'], ['pull']],
  [
    ['repositories/*/content/write', 'repositories/*/content/read'],
    ['pull', 'push'],
  ],
  [['Repositories/app/Content/Delete'], ['delete']],
  [['repositories/app/metadata/read', 'gateway/x/config/read'], []],
])('a scope map with %j', (actions, expected) => {
  expect(grantsOfScopeMap(actions)).toEqual(expected);
});

test.each([
  ['repositories/*/content/write', true],
  ['repositories/**/content/write', true],
  ['repositories/*/content/read', false],
  ['repositories/app/*/content/write', false],
  ['repositories/*-ci/content/write', false],
])('%s writes everywhere: %s', (action, expected) => {
  expect(writesEverywhere(['repositories/app/content/read', action])).toBe(expected);
});

test('two ways in give what either gives, in one order', () => {
  expect(unionOfGrants(['admin', 'push'], ['push', 'pull'])).toEqual(['pull', 'push', 'admin']);
});

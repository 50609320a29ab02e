import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { graphPermissionsOf, permissionsPage, rightsOf } from '../../infra/permissions.ts';
import { SOURCES } from '../../src/model/source.ts';
import { infra, list, readJson } from './template.ts';

const actions = list(readJson('reader-actions.json'), 'reader-actions.json').map(String);
const graph = graphPermissionsOf(readFileSync(join(infra, 'graph-permissions.txt'), 'utf8'));

test('every source of facts may be read with what is granted', () => {
  const granted = new Set([...actions, ...graph.map(({ permission }) => `graph:${permission}`)]);
  const unreadable = Object.entries(SOURCES)
    // What a vault permits is a role on that vault, not an action of the reader role.
    .filter(([, { permission }]) => !permission.startsWith('vault:') && !granted.has(permission))
    .map(([source, { permission }]) => `${source}: ${permission}`);
  expect(unreadable).toEqual([]);
});

/** Read besides the sources; docs/permissions.md says what for. */
const BESIDES = ['Microsoft.Authorization/permissions/read'];

test('the reader role is what the sources need and those few, all of them reads', () => {
  const needed = Object.values(SOURCES).map(({ permission }) => permission);
  const arm = needed.filter((permission) => !permission.includes(':'));
  expect(actions).toEqual([...new Set([...arm, ...BESIDES])].toSorted());
  expect(actions.filter((action) => !action.endsWith('/read'))).toEqual([]);
});

test('Graph is asked for what the sources need, and nothing else', () => {
  const needed = Object.values(SOURCES).map(({ permission }) => permission);
  expect(graph.map(({ permission }) => `graph:${permission}`)).toEqual(
    [...new Set(needed.filter((permission) => permission.startsWith('graph:')))].toSorted(),
  );
});

test('Graph permissions are applications’ reads, each with its reason', () => {
  expect(graph.map(({ permission }) => permission)).toEqual([
    'Application.Read.All',
    'GroupMember.Read.All',
    'User.ReadBasic.All',
  ]);
  expect(graph.filter(({ why }) => !/^[A-Z].{30,}\.$/.test(why))).toEqual([]);
});

test('the page has a row for each right, each action and each Graph permission', async () => {
  const page = await permissionsPage(
    infra,
    new Map([
      ['Microsoft.ContainerRegistry/registries/tokens/read', ['token-password-expired', 'token-password-expiring']],
      ['graph:Application.Read.All', ['principal-secret-expired']],
    ]),
  );
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  const rights = rightsOf(readFileSync(join(infra, 'main.json'), 'utf8'));
  // Four tables, so four heads.
  expect(rows).toHaveLength(rights.length + actions.length + graph.length + 4);
  expect(rows).toContain(
    '| `Microsoft.ContainerRegistry/registries/tokens/read` | `token-password-expired`, `token-password-expiring` |',
  );
  expect(rows).toContain('| `Microsoft.KeyVault/vaults/read` | no check yet |');
  expect(rows.find((row) => row.includes('`Application.Read.All`'))).toMatch(/\| `principal-secret-expired` \|$/);
  expect(rows.filter((row) => row.includes('Metrics Publisher')).map((row) => row.split(' | ')[1])).toEqual([
    'our data collection rule',
    'our Application Insights component',
  ]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEstate } from '../../simulator/index.ts';
import { CHECKS } from '../../src/checks/index.ts';
import { type AccessFlags, access } from '../../src/cli/access.ts';
import { registryId } from '../build.ts';
import { estateOf, wireRegistry } from '../wire.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-access-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function look(estate: string, registry: string | undefined, flags: Partial<AccessFlags> = {}): Promise<string> {
  return access(registry, { simulator: estate, format: 'table', ...flags });
}

test('one secret and the fourteen registries that it opens', async () => {
  const stdout = await look('blast', undefined, { principal: 'RELEASE-bot' });
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'service principal release-bot (a333b0c8-8074-49b7-90d9-a47582a88950): pull',
    '├─ Contoso Image Consumer at management group contoso, through group sg-image-consumers: pull',
    "├─ secret 'release pipeline': usable, until 2026-12-14 06:00 UTC",
    '└─ opens 14 registries',
    '   ├─ contosoaccounts: pull',
  ]);
});

test('who can do what at a registry in ABAC mode: the condition and what is ignored are shown', async () => {
  const stdout = await look('guide', 'contosodata.azurecr.io');
  expect(stdout).toContain('contosodata: rights per repository (ABAC)\n');
  expect(stdout).toContain("StringStartsWithIgnoreCase 'curated/'");
  expect(stdout).toContain('ignored in ABAC mode: AcrPull at resource group rg-data of group sg-data-analysts\n');
});

test('who holds a role that is ignored is told so, and by which registry', async () => {
  const stdout = await look('guide', undefined, { principal: 'sg-data-analysts' });
  expect(stdout).toContain('ignored by contosodata, which is in ABAC mode: AcrPull at resource group rg-data\n');
});

test('as JSON: principals, tokens and what else is a way in', async () => {
  const stdout = await look('guide', 'contosobuild', { format: 'json' });
  const { principals, tokens, caches, ...rest } = JSON.parse(stdout);
  expect(principals.map(({ kind, name }: Record<string, string>) => `${kind} ${name}`)).toEqual([
    'group sg-registry-readers',
    'managed identity id-acr-purge',
    'service principal 09c5bddc-aa6f-4559-b55a-5d7c39979e89',
    'service principal build-agent-07',
    'service principal cert-runner',
    'service principal inventory-scanner',
    'service principal mixed-runner',
    'service principal reporting-pull',
    'service principal security-scanner',
  ]);
  expect(tokens).toMatchObject([
    { name: 'nightly', grants: ['pull'], credentials: [{ name: 'password1', state: 'usable' }] },
  ]);
  expect(caches).toEqual([{ set: 'dockerhub', upstream: 'docker.io', works: false }]);
  expect(rest).toMatchObject({
    registry: 'contosobuild',
    adminAccount: false,
    anonymousPull: true,
    ignored: [],
    gaps: [],
  });
});

describe('people are counted, and named where that is asked for', () => {
  test.each([
    ['at a registry', 'contosobuild', {}],
    ['of a group', undefined, { principal: 'sg-registry-readers' }],
  ])('%s', async (_, registry, flags) => {
    expect(await look('guide', registry, flags)).not.toContain('people in it');
    const stdout = await look('guide', registry, { ...flags, people: true });
    expect(stdout).toMatch(/group sg-registry-readers(?:.*\n){1,4}.*people in it\n.*@contoso\.com\n/);
  });

  test('where their names may not be read, they are ids, and that is said', async () => {
    const estate = loadEstate('guide');
    estate.denied = [...(estate.denied ?? []), { action: 'graph:User.ReadBasic.All' }];
    const file = join(folder, 'nameless.json');
    await writeFile(file, JSON.stringify(estate));
    const stdout = await look(file, undefined, { principal: 'sg-data-analysts', people: true });
    expect(stdout).toMatch(/people in it\n.*[0-9a-f]{8}-[0-9a-f-]{27}\n/);
    expect(stdout).toContain('cannot read the names of people: graph:User.ReadBasic.All is not granted');
  });
});

test('what a registry caches from, in the smallest tier too', async () => {
  const hub = {
    id: `${registryId('shop')}/credentialSets/hub`,
    name: 'hub',
    type: 'Microsoft.ContainerRegistry/registries/credentialSets',
    properties: { loginServer: 'docker.io', authCredentials: [] },
  };
  const file = join(folder, 'basic.json');
  await writeFile(file, JSON.stringify(estateOf([wireRegistry('shop', {}, { sku: { name: 'Basic' } }), hub])));
  const { caches } = JSON.parse(await look(file, 'shop', { format: 'json' }));
  expect(caches).toEqual([{ set: 'hub', upstream: 'docker.io', works: true }]);
});

test('two principals of one name are both shown', async () => {
  const stdout = await look('guide', undefined, { principal: 'web-deploy-pull', format: 'json' });
  expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual([
    '36fe084c-c399-4afb-aacf-1df6fe0ac389',
    '48f736f1-4766-403c-9c48-db4d61ca5709',
  ]);
});

test.each([
  ['a federated credential alone', 'terraform-dev', 'signs in with federated credential '],
  ['for the nodes of a cluster', 'aks-legacy-sp', 'the nodes of AKS cluster aks-legacy pull with it'],
])('who signs in without a secret, and for whom, whichever checks are off: %s', async (_, principal, expected) => {
  const policy = join(folder, 'off.yaml');
  await writeFile(policy, `checks: { ${CHECKS.map(({ id }) => `${id}: off`).join(', ')} }`);
  expect(await look('guide', undefined, { principal, policy })).toContain(expected);
});

test('what a token may do is not known where its scope map could not be read', async () => {
  expect(await look('forbidden', 'contosomaps')).toMatch(/token app: not known\n.*scope map .*: not known\n/);
});

describe('a role that could not be read is not taken for one that gives nothing', () => {
  let file: string;
  beforeAll(async () => {
    const estate = loadEstate('guide');
    const dev = estate.subscriptions?.find(({ displayName }) => displayName === 'Dev');
    const scope = `/subscriptions/${dev?.subscriptionId}`;
    estate.denied = [...(estate.denied ?? []), { action: 'Microsoft.Authorization/roleDefinitions/read', scope }];
    file = join(folder, 'roleless.json');
    await writeFile(file, JSON.stringify(estate));
  });

  test('at a registry', async () => {
    expect(await look(file, 'contosotest')).toMatch(
      /service principal registry-operator \(\S+\): not known\n.*role \S+ at resource group rg-dev: not known\n/,
    );
  });

  test.each(['registry-operator', '6bd20cd8-2491-4462-86aa-a64b16c7720f'])('of a principal: %s', async (principal) => {
    const stdout = await look(file, undefined, { principal });
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      'service principal registry-operator (6bd20cd8-2491-4462-86aa-a64b16c7720f): not known',
      '├─ role 9aeda0bb-cfe1-4d6f-a0d7-63e03a8db747 at resource group rg-dev: not known',
      '├─ its credentials are looked at only where it is known to open a registry',
      '└─ may open 2 registries',
      '   ├─ contosodev: not known',
      '   └─ contosotest: not known',
    ]);
  });
});

test('what could not be read is said below the tree', async () => {
  const stdout = await look('forbidden', 'contosoplain');
  expect(stdout).toContain('its members could not be read');
  expect(stdout).toMatch(/Not everything could be read, so there may be more:\n.*registries\/read is not granted/);
});

test.each([
  ['blast', undefined, {}, 'name one registry, as in "acr-warden access shop", or one --principal'],
  ['blast', 'contosodev', { principal: 'x' }, 'name one registry'],
  ['blast', 'nowhere', {}, "there is no registry 'nowhere'; there are contosoaccounts, contosoagents,"],
  ['blast', undefined, { principal: 'nobody' }, "no principal 'nobody' holds a role at a registry"],
  ['forbidden-directory', undefined, { principal: 'shop-push' }, 'or it could not be read (cannot read the service'],
])('refused: %s %s %o', async (estate, registry, flags, message) => {
  await expect(look(estate, registry, flags)).rejects.toThrow(message);
});

import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readCredentialSets } from '../../src/collect/credentialSets.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const ID = `${registryId('shop')}/credentialSets/hub`;
const SECRET = 'https://kv1.vault.azure.net/secrets/hub-token';

async function read(credential: Wire, denied: { action: string }[] = []) {
  const set = {
    id: ID,
    name: 'hub',
    type: 'Microsoft.ContainerRegistry/registries/credentialSets',
    properties: {
      loginServer: 'docker.io',
      creationDate: '2026-01-01T08:00:00.1234567+00:00',
      authCredentials: [{ name: 'Credential1', passwordSecretIdentifier: SECRET, ...credential }],
    },
  };
  const gaps: Gap[] = [];
  const { azure } = simulated(estateOf([wireRegistry('shop'), set], { denied }));
  return { sets: await readCredentialSets(azure, registry(), gaps), gaps };
}

test.each([
  ['healthy', { status: 'Healthy' }, { healthy: true }],
  [
    'unhealthy',
    { status: 'Unhealthy', errorCode: 'Unauthorized', errorMessage: 'refused' },
    { healthy: false, errorCode: 'Unauthorized' },
  ],
  ['in other letters', { status: 'unhealthy' }, { healthy: false }],
])('%s', async (_, credentialHealth, expected) => {
  const { sets, gaps } = await read({ credentialHealth });
  expect(gaps).toEqual([]);
  expect(sets).toEqual([
    {
      id: ID,
      name: 'hub',
      registryId: registryId('shop'),
      loginServer: 'docker.io',
      createdOn: '2026-01-01T08:00:00.123Z',
      credentials: [{ name: 'Credential1', secretUrl: SECRET, ...expected }],
    },
  ]);
});

test.each([
  ['no health at all', {}, [], 'UnusableAnswer'],
  ['a health that is not known', { credentialHealth: { status: 'Resting' } }, [], 'UnusableAnswer'],
  [
    'no permission',
    {},
    [{ action: 'Microsoft.ContainerRegistry/registries/credentialSets/read' }],
    'AuthorizationFailed',
  ],
])('a gap: %s', async (_, credential, denied, code) => {
  const { gaps } = await read(credential, denied);
  expect(gaps).toMatchObject([{ source: 'credentialSets', scope: registryId('shop'), code }]);
});

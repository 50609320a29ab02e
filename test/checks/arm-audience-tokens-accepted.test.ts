import { expect, test } from 'vitest';
import { armAudienceTokensAccepted } from '../../src/checks/arm-audience-tokens-accepted.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each([
  ['refused is silent', registry(), []],
  ['accepted', registry({ armAudienceTokens: true }), ['shop low']],
  ['accepted, Basic', registry({ armAudienceTokens: true, sku: 'Basic' }), ['shop low']],
])('%s', (_, one, expected) => {
  expect(told(armAudienceTokensAccepted, { registries: [one] })).toEqual(expected);
});

test('the command names the registry', () => {
  const [hit] = armAudienceTokensAccepted.run(input({ registries: [registry({ armAudienceTokens: true })] }));
  expect(hit).toEqual({
    resourceId: registryId('shop'),
    reason: 'shop accepts Entra tokens of the audience of Azure Resource Manager, not only those made for registries.',
    evidence: { azureADAuthenticationAsArmPolicy: 'enabled' },
    fix: `Let the clients ask for tokens of https://containerregistry.azure.net; then az acr config authentication-as-arm update --registry shop --subscription ${SUB} --status disabled`,
  });
});

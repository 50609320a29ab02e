import { expect, test } from 'vitest';
import { contentTrustEnabled } from '../../src/checks/content-trust-enabled.ts';
import { input, registry, registryId, SUB } from '../build.ts';

test('off is silent, whatever others advise', () => {
  expect(contentTrustEnabled.run(input({ registries: [registry()] }))).toEqual([]);
});

test('on is what ends', () => {
  expect(
    contentTrustEnabled.run(input({ registries: [registry({ contentTrust: true }), registry({ name: 'web' })] })),
  ).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop uses Docker content trust, which Azure removes on 2028-03-31; it cannot be switched on again.',
      evidence: { trustPolicy: 'enabled' },
      fix: `Sign with Notation instead, take DOCKER_CONTENT_TRUST=1 from the clients, then az acr config content-trust update --registry shop --subscription ${SUB} --status disabled`,
    },
  ]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import type {
  DirectorySecret,
  Facts,
  Registry,
  RoleAssignment,
  Token,
  TokenSecret,
  VaultSecret,
} from '../../src/model/estate.ts';
import { input, registry, registryId, SUB, token } from '../build.ts';
import {
  application,
  assignment,
  CI,
  CONTRIBUTOR,
  GROUP,
  group,
  inDays,
  OTHER,
  PULL,
  PUSH,
  principal,
  REPOSITORY_READER,
  scopeMap,
  vaultSecret,
} from './builders.ts';

/**
 * Findings of what is there; `abac-mode-ignores-role` and `cluster-cannot-pull` are about a right that is not, and a right mends
 * them, as another credential may mend `vault-secret-outlived`.
 */
const OF_WHAT_IS_THERE = CHECKS.filter(({ id }) =>
  /^(principal-|token-|vault-(?!secret-outlived)|credential-superseded|registry-role|role-assignment)/.test(id),
);
const ROLES = [PULL, PUSH, CONTRIBUTOR, REPOSITORY_READER];
const MAPS = [scopeMap('pull', 'repositories/*/content/read'), scopeMap('push', 'repositories/*/content/write')];

const day = fc.integer({ min: -60, max: 60 }).map((days) => inDays(days));
const secrets: fc.Arbitrary<DirectorySecret> = fc.record(
  {
    keyId: fc.uuid(),
    kind: fc.constantFrom('password' as const, 'certificate' as const),
    startsOn: day,
    expiresOn: day,
    usage: fc.constantFrom('Verify' as const, 'Sign' as const),
    customKeyIdentifier: fc.constantFrom('pair', 'other'),
  },
  { requiredKeys: ['keyId', 'kind'] },
);
const passwords: fc.Arbitrary<TokenSecret> = fc.record(
  { name: fc.constantFrom('password1', 'password2'), createdOn: day, expiresOn: day },
  { requiredKeys: ['name'] },
);
const assignments: fc.Arbitrary<RoleAssignment> = fc
  .tuple(
    fc.constantFrom(...ROLES),
    fc.constantFrom(CI, OTHER, GROUP),
    fc.constantFrom(registryId('r0'), registryId('r1'), `/subscriptions/${SUB}`),
  )
  .map(([role, principalId, scope]) =>
    assignment(role, { principalId, scope, principalType: principalId === GROUP ? 'Group' : 'ServicePrincipal' }),
  );
const modes = fc.constantFrom<Registry['roleAssignmentMode']>('AbacRepositoryPermissions', 'LegacyRegistryPermissions');

const copies = fc
  .tuple(
    fc.constantFrom<VaultSecret['holds']>(
      { type: 'token', registry: 'r0', token: 'ci', password: 'password1' },
      { type: 'token', registry: 'r0', token: 'ci' },
      { type: 'application', appId: 'app-1' },
    ),
    fc.option(day, { nil: undefined }),
  )
  .map(([holds, expiresOn]) => ({ holds, ...(expiresOn && { expiresOn }) }));

const estates = fc
  .record({
    secrets: fc.uniqueArray(secrets, { maxLength: 4, selector: ({ keyId }) => keyId }),
    own: fc.uniqueArray(secrets, { maxLength: 2, selector: ({ keyId }) => keyId }),
    passwords: fc.uniqueArray(passwords, { maxLength: 2, selector: ({ name }) => name }),
    assignments: fc.uniqueArray(assignments, { maxLength: 4, selector: ({ id }) => id }),
    modes: fc.tuple(modes, modes),
    owners: fc.constantFrom<string[]>([], ['ana@contoso.com']),
    federated: fc.constantFrom<string[]>([], [], ['github']),
    map: fc.constantFrom(...MAPS),
    copy: copies,
  })
  .map((random): Facts => {
    const scopeMaps = MAPS.map((map) => ({ ...map, registryId: registryId('r0') }));
    const tokens = [token({ registryId: registryId('r0'), scopeMapId: random.map.id, passwords: random.passwords })];
    return {
      ...input(),
      registries: random.modes.map((mode, index) => registry({ name: `r${index}`, roleAssignmentMode: mode })),
      roleDefinitions: ROLES,
      roleAssignments: random.assignments,
      servicePrincipals: [
        principal({ secrets: random.own, owners: random.owners }),
        principal({ id: OTHER, displayName: 'other' }),
      ],
      applications: [application(random.secrets, { federated: random.federated })],
      groups: [group([CI])],
      missingPrincipals: [OTHER],
      scopeMaps,
      tokens,
      vaultSecrets: [vaultSecret(random.copy)],
      vaultedTokens: tokens,
      vaultedScopeMaps: scopeMaps,
    };
  });

/** Something more than there was. */
type Addition = (facts: Facts) => Facts;
const additions: fc.Arbitrary<Addition> = fc.oneof(
  assignments.map(
    (one): Addition =>
      (facts) => ({ ...facts, roleAssignments: [...facts.roleAssignments, one] }),
  ),
  modes.map(
    (roleAssignmentMode): Addition =>
      (facts) => ({
        ...facts,
        registries: [...facts.registries, registry({ name: 'more', roleAssignmentMode })],
      }),
  ),
  passwords.map(
    (one): Addition =>
      (facts) => {
        const more = (list: Token[]): Token[] => list.map((of) => withPassword(of, one));
        return { ...facts, tokens: more(facts.tokens), vaultedTokens: more(facts.vaultedTokens) };
      },
  ),
  fc.constant<Addition>((facts) => ({
    ...facts,
    applications: facts.applications.map((app) => ({ ...app, federated: [...(app.federated ?? []), 'more'] })),
  })),
  copies.map(
    (one): Addition =>
      (facts) => ({ ...facts, vaultSecrets: [...facts.vaultSecrets, vaultSecret({ name: 'more', ...one })] }),
  ),
  secrets.map(
    (one): Addition =>
      (facts) => ({
        ...facts,
        applications: facts.applications.map((app) => ({ ...app, secrets: [...app.secrets, one] })),
      }),
  ),
);

/** A token has at most one password of a name. */
function withPassword(of: Token, one: TokenSecret): Token {
  const isThere = of.passwords.some(({ name }) => name === one.name);
  return isThere ? of : { ...of, passwords: [...of.passwords, one] };
}

function findings(facts: Facts): string[] {
  const all = input(facts);
  return OF_WHAT_IS_THERE.flatMap((check) =>
    check.run(all).map(({ resourceId, subject = '' }) => `${check.id}|${resourceId}|${subject}`),
  );
}

test('a right, a credential or a registry more makes no finding disappear, but by supersession', () => {
  let kept = 0;
  fc.assert(
    fc.property(estates, additions, (facts, add) => {
      const more = add(facts);
      const after = new Set(findings(more));
      const now = new Map(input(more).credentials.map((one) => [`${one.resourceId}|${one.subject}`, one]));
      for (const finding of findings(facts)) {
        const [, key = ''] = /^[^|]+\|(.*)$/.exec(finding) ?? [];
        const credential = now.get(key);
        // A Sign key more makes one SAML certificate of what were a password and a certificate of its pair.
        const joined = key.includes('|secret/') || key.includes('|certificate/') ? !credential : false;
        if (credential?.supersededBy || joined) continue;
        expect(after).toContain(finding);
        kept++;
      }
    }),
    { numRuns: 3000, seed: 20261124 },
  );
  expect(kept).toBeGreaterThan(3000);
});

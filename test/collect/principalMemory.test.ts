import { describe, expect, test } from 'vitest';
import { type Remembered, seldom } from '../../src/collect/seldom.ts';
import { collectTenant } from '../../src/collect/tenantShard.ts';
import { isSource, SOURCES } from '../../src/model/source.ts';
import { fromNow, registryId, subscription, TENANT } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const ACR_PULL = '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d';
const [ANA, OMAR] = ['eeeeeeee-0000-0000-0000-000000000001', 'eeeeeeee-0000-0000-0000-000000000002'];

function id(kind: string, n: number): string {
  return `${kind.repeat(8)}-0000-0000-0000-00000000000${n}`;
}

function principal(n: number) {
  return `/serviceprincipals/${id('b', n)}`;
}

/** Two service principals with a secret each; the second has no owner at first. Later both are Omar's, without GitHub. */
function tenant(denied: string[] = []) {
  const secret = { keyId: id('f', 1), startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2027-06-01T00:00:00Z' };
  const applications = (federated: string[]) =>
    [1, 2].map((n) => ({
      id: id('d', n),
      appId: id('a', n),
      displayName: `robot ${n}`,
      passwordCredentials: [secret],
      federatedIdentityCredentials: federated.map((name) => ({ id: name, name })),
    }));
  const { simulator, azure } = simulated(
    estateOf(
      [
        wireRegistry('shop'),
        ...[1, 2].map((n) => ({
          id: `${registryId('shop')}/providers/Microsoft.Authorization/roleAssignments/${id('b', n)}`,
          type: 'Microsoft.Authorization/roleAssignments',
          properties: {
            scope: registryId('shop'),
            roleDefinitionId: ACR_PULL,
            principalId: id('b', n),
            principalType: 'ServicePrincipal',
          },
        })),
      ],
      {
        denied: denied.map((action) => ({ action })),
        graph: {
          servicePrincipals: [1, 2].map((n) => ({ id: id('b', n), appId: id('a', n), displayName: `robot ${n}` })),
          applications: applications(['github']),
          users: [
            { id: ANA, mail: 'ana@contoso.com' },
            { id: OMAR, mail: 'omar@contoso.com' },
          ],
          owners: { [id('d', 1)]: [ANA ?? ''] },
        },
        timeline: [
          {
            at: fromNow(60),
            graph: {
              applications: applications([]),
              owners: { [id('d', 1)]: [OMAR ?? ''], [id('d', 2)]: [OMAR ?? ''] },
            },
          },
        ],
      },
    ),
  );
  return {
    simulator,
    async read(now: string, before: Remembered = {}, isDecisive = false) {
      if (Date.parse(now) > simulator.now().getTime()) simulator.advanceTo(now);
      const memory = seldom({ before, now, changedAt: new Map(), ofPrincipals: true });
      const facts = await collectTenant(azure, {
        tenantId: TENANT,
        subscriptions: [subscription()],
        inScope: () => true,
        vaults: [],
        needed: new Set(Object.keys(SOURCES).filter(isSource)),
        memory,
        isDecisive: () => isDecisive,
      });
      return {
        owners: facts.servicePrincipals.map(({ owners }) => owners?.join()),
        federated: facts.applications.map(({ federated }) => federated?.join()),
        remembered: (...urgent: string[]) => memory.toRemember(new Set(urgent)),
        ages: facts.ages,
      };
    },
  };
}

describe('owners and federated credentials of a principal are read once a day', () => {
  test('an hour later what was known stands with its age, but for whoever had no owner', async () => {
    const { read } = tenant();
    const first = await read(fromNow(0));
    expect(first).toMatchObject({ owners: ['ana@contoso.com', ''], federated: ['github', 'github'], ages: {} });
    const second = await read(fromNow(3600), first.remembered());
    expect(second).toMatchObject({
      owners: ['ana@contoso.com', 'omar@contoso.com'],
      federated: ['github', 'github'],
      ages: {
        [`owners|${principal(1)}`]: fromNow(0),
        [`federatedcredentials|${principal(1)}`]: fromNow(0),
        [`federatedcredentials|${principal(2)}`]: fromNow(0),
      },
    });
  });

  test('a day later all of it is read again, and at once where a finding pages', async () => {
    const { read } = tenant();
    const { remembered } = await read(fromNow(0));
    const paging = remembered(`owners|${principal(1)}`, `federatedcredentials|${principal(1)}`);
    expect(await read(fromNow(3600), paging)).toMatchObject({
      owners: ['omar@contoso.com', 'omar@contoso.com'],
      federated: ['', 'github'],
    });
    expect(await read(fromNow(86_400), remembered())).toMatchObject({
      owners: ['omar@contoso.com', 'omar@contoso.com'],
      federated: ['', ''],
      ages: {},
    });
  });

  test('federated credentials are read again at once where they are decisive, and stand where they cannot be', async () => {
    const { simulator, read } = tenant();
    const { remembered } = await read(fromNow(0));
    const age = { [`federatedcredentials|${principal(1)}`]: fromNow(0) };
    expect(await read(fromNow(3600), remembered(), true)).toMatchObject({ federated: ['', ''] });
    simulator.faults.add({ match: { path: /batch/ }, effect: { kind: 'status', status: 503 } });
    expect(await read(fromNow(3600), remembered(), true)).toMatchObject({ federated: ['github', 'github'], ages: age });
  });

  test('who is paged stays who it was where owners cannot be read, and is read as soon as they can', async () => {
    const { simulator, read } = tenant();
    const { remembered } = await read(fromNow(0));
    const urgent = [`owners|${principal(1)}`];
    simulator.faults.add({ match: { path: /batch/ }, effect: { kind: 'status', status: 503 } });
    const blind = await read(fromNow(3600), remembered(...urgent));
    expect(blind.owners).toEqual(['ana@contoso.com', undefined]);
    simulator.faults.clear();
    const seen = await read(fromNow(7200), blind.remembered(...urgent));
    expect(seen.owners).toEqual(['omar@contoso.com', 'omar@contoso.com']);
  });

  test('what cannot be read again is still known, with the age that it has', async () => {
    const { simulator, read } = tenant();
    const { remembered } = await read(fromNow(0));
    simulator.faults.add({ match: { path: /batch/ }, effect: { kind: 'status', status: 503 } });
    const blind = await read(fromNow(2 * 86_400), remembered());
    // Who had no owner may have one by now.
    expect(blind).toMatchObject({
      owners: ['ana@contoso.com', undefined],
      federated: ['github', 'github'],
      ages: {
        [`owners|${principal(1)}`]: fromNow(0),
        [`federatedcredentials|${principal(1)}`]: fromNow(0),
      },
    });
    expect(blind.remembered()).toMatchObject({
      [`owners|${principal(1)}`]: { readAt: fromNow(0) },
      [`federatedcredentials|${principal(1)}`]: { readAt: fromNow(0) },
    });
    simulator.faults.clear();
    expect(await read(fromNow(3 * 86_400), blind.remembered())).toMatchObject({ federated: ['', ''] });
  });

  test('ids in the place of names are not remembered', async () => {
    const { read } = tenant(['graph:User.ReadBasic.All']);
    const { owners, remembered } = await read(fromNow(0));
    expect(owners).toEqual([ANA, '']);
    expect(Object.keys(remembered()).filter((key) => key.startsWith('owners'))).toEqual([]);
  });
});

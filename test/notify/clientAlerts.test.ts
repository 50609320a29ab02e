import { describe, expect, it } from 'vitest';
import { SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import type { AlertCall } from '../../src/model/alert.ts';
import type { Registry } from '../../src/model/estate.ts';
import type { ComparedFinding, Evidence } from '../../src/model/finding.ts';
import type { ShardReport } from '../../src/model/sweep.ts';
import { cardOf } from '../../src/notify/card.ts';
import { endOf, investigate, unanswered } from '../../src/notify/incident.ts';
import { markdownOf } from '../../src/notify/report.ts';
import { asking } from '../../src/notify/workspace.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { publish } from '../../src/publish/publish.ts';
import { findingRow, type RowStamp, registryRow, shardRow, TABLES } from '../../src/publish/rows.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { compared, DAY, fromNow, NOW, OTHER_SUB, registry, registryId, report, SUB, TENANT } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

const STAMP: RowStamp = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'prod', tenantId: TENANT };
const PLACE = { portal: 'https://portal.azure.com', tenantId: TENANT, environment: 'prod' };
const AT = fromNow(30 * 60);

function call(change: Partial<AlertCall> = {}): AlertCall {
  return {
    alertId: 'a1',
    rule: 'login-failures-rising',
    condition: 'Fired',
    severity: 'Sev3',
    at: AT,
    dimensions: { LoginServer: 'shop.azurecr.io' },
    ...change,
  };
}

/** An open finding of shop, whose reason and fix say which check it is of. */
function open(checkId: string, change: Partial<ComparedFinding> = {}): ComparedFinding {
  const ended = checkId.endsWith('-expired') && { expiresOn: fromNow(-DAY) };
  const own = {
    ...ended,
    checkId,
    title: checkId,
    findingId: checkId,
    reason: `Because of ${checkId}.`,
    fix: `az ${checkId}`,
  };
  return compared({ ...own, severity: 'high', ...change });
}

/** What is told of a call by a workspace that holds these findings, shards, and registries of an hour before. */
async function told(
  change: Partial<AlertCall>,
  findings: ComparedFinding[] = [],
  registries: Partial<Registry>[] = [{}],
  shards: Partial<ShardReport>[] = [],
) {
  const { azure, simulator } = simulated(estateOf());
  const target = { sweepId: STAMP.sweepId, shard: SUB };
  await publish(ingestion(azure, SIMULATED_DCR), memoryStore(), target, {
    [TABLES.findings]: findings.map((one) => findingRow(one, STAMP)),
    [TABLES.registries]: registries.map((one) =>
      registryRow(registry(one), [], 'Prod', { ...STAMP, sweptAt: fromNow(-60 * 60) }),
    ),
    [TABLES.sweeps]: shards.map((one) => shardRow(report(one), STAMP)),
  });
  const incident = await investigate(call(change), asking(azure.logs, SIMULATED_WORKSPACE.id), PLACE, 1);
  expect(simulator.defects).toEqual([]);
  return incident;
}

describe('what may be behind failing logins', () => {
  const DRIFT = 'public-access-drift';
  it.each<{ what: string; findings: ComparedFinding[]; behind: string | undefined }>([
    {
      what: 'an ended password, however much worse another finding is',
      findings: [open('anonymous-pull-enabled', { severity: 'critical' }), open('token-password-expired')],
      behind: 'token-password-expired',
    },
    {
      what: 'the worst of several',
      findings: [open('cluster-cannot-pull'), open('principal-secret-expired', { severity: 'critical' })],
      behind: 'principal-secret-expired',
    },
    {
      what: 'a password that ended since the sweep',
      findings: [open('token-password-expiring', { expiresOn: AT })],
      behind: 'token-password-expiring',
    },
    {
      what: 'no password that ends a second later',
      findings: [open('token-password-expiring', { expiresOn: fromNow(30 * 60 + 1) })],
      behind: undefined,
    },
    {
      what: 'a password that another one replaced, since it has ended',
      findings: [open('credential-superseded', { severity: 'low', expiresOn: AT })],
      behind: 'credential-superseded',
    },
    {
      what: 'no password that another one replaced, and that ends a second later',
      findings: [open('credential-superseded', { severity: 'low', expiresOn: fromNow(30 * 60 + 1) })],
      behind: undefined,
    },
    {
      what: 'no password of several that ended two days before',
      findings: [open('token-password-expired', { severity: 'medium', expiresOn: fromNow(30 * 60 - 2 * DAY) })],
      behind: undefined,
    },
    {
      what: 'a password of several that ended a second later',
      findings: [open('token-password-expired', { severity: 'medium', expiresOn: fromNow(30 * 60 + 1 - 2 * DAY) })],
      behind: 'token-password-expired',
    },
    {
      what: 'the last password, whenever it ended',
      findings: [open('token-password-expired', { severity: 'critical', expiresOn: fromNow(-90 * DAY) })],
      behind: 'token-password-expired',
    },
    {
      what: 'the change of today rather than a password that ended long ago, however much worse',
      findings: [
        open('token-password-expired', { severity: 'critical', expiresOn: fromNow(-90 * DAY) }),
        open(DRIFT, { severity: 'low', evidence: { adminUser: { expected: true, live: false } }, changedAt: NOW }),
      ],
      behind: DRIFT,
    },
    {
      what: 'the newest of those that are as bad',
      findings: [
        open('token-password-expired', { expiresOn: fromNow(-60) }),
        open('principal-secret-expired', { expiresOn: fromNow(-50) }),
        open('cluster-cannot-pull', { lastChanged: fromNow(-55) }),
      ],
      behind: 'principal-secret-expired',
    },
    {
      what: 'a principal that is deleted',
      findings: [open('role-assignment-orphaned', { severity: 'low' })],
      behind: 'role-assignment-orphaned',
    },
    {
      what: 'no principal that has long been deleted',
      findings: [open('role-assignment-orphaned', { severity: 'low', firstSeen: fromNow(-3 * DAY) })],
      behind: undefined,
    },
    {
      what: 'the secret of an application that opens several registries',
      findings: [
        open('principal-secret-expired', {
          registryName: '',
          registryId: '',
          evidence: { registries: [registryId('web'), registryId('shop')] },
        }),
      ],
      behind: 'principal-secret-expired',
    },
    {
      what: 'a drift that lets an address in no more',
      findings: [open(DRIFT, { evidence: { ipRules: { expected: ['10.0.0.0/24'], live: ['10.0.1.0/24'] } } })],
      behind: DRIFT,
    },
    {
      what: 'a drift that closes the registry',
      findings: [open(DRIFT, { evidence: { exposure: { expected: 'selected-networks', live: 'private' } } })],
      behind: DRIFT,
    },
    {
      what: 'the admin account that was switched off',
      findings: [open(DRIFT, { evidence: { adminUser: { expected: true, live: false } } })],
      behind: DRIFT,
    },
    {
      what: 'the way in for tasks that was shut',
      findings: [open(DRIFT, { evidence: { tasksBypass: { expected: true, live: false } } })],
      behind: DRIFT,
    },
    {
      what: 'no drift that only opens',
      findings: [
        open(DRIFT, {
          evidence: {
            exposure: { expected: 'private', live: 'selected-networks' },
            ipRules: { expected: [], live: ['10.0.1.0/24'] },
            adminUser: { expected: false, live: true },
          },
        }),
      ],
      behind: undefined,
    },
    {
      what: 'no drift of a list that was cut',
      findings: [open(DRIFT, { evidence: { ipRules: { expected: ['10.0.0.0/24'], live: ['… and 3 more, cut'] } } })],
      behind: undefined,
    },
    {
      what: 'a drift, however many passwords are about to end, and worse',
      findings: [
        ...Array.from({ length: 25 }, (_, at) =>
          open('token-password-expiring', { findingId: `f${at}`, severity: 'critical', expiresOn: fromNow(DAY) }),
        ),
        open(DRIFT, { evidence: { adminUser: { expected: true, live: false } } }),
      ],
      behind: DRIFT,
    },
    { what: 'nothing that opens', findings: [open('admin-account-enabled')], behind: undefined },
    {
      what: 'nothing of another registry',
      findings: [open('token-password-expired', { registryName: 'web', registryId: registryId('web') })],
      behind: undefined,
    },
  ])('is $what', async ({ findings, behind }) => {
    const incident = await told({}, findings);
    expect([incident.finding?.CheckId, incident.likelyCause, incident.confidence]).toEqual(
      behind ? [behind, `Because of ${behind}.`, 'likely'] : [undefined, '', 'unknown'],
    );
  });

  it('stands on the card with its fix, and what else is open there below it', async () => {
    const incident = await told({}, [
      open('token-password-expired', { severity: 'critical' }),
      open('anonymous-pull-enabled', { severity: 'critical' }),
    ]);
    expect(incident).toMatchObject({
      title: 'More logins to a registry fail than usual',
      summary: expect.stringContaining('What may be behind it: Because of token-password-expired.'),
      registryName: 'shop',
      fix: 'az token-password-expired',
      related: [expect.objectContaining({ CheckId: 'anonymous-pull-enabled' })],
      links: [{ title: 'Registry in the portal', url: expect.stringContaining(registryId('shop')) }, expect.anything()],
    });
    const card = JSON.stringify(cardOf(incident));
    for (const text of ['az token-password-expired', 'critical: anonymous-pull-enabled']) expect(card).toContain(text);
  });
});

describe('a registry that nobody can reach', () => {
  const CLOSED = { exposure: { expected: 'selected-networks', live: 'private' } };
  const EMPTIED = { ipRules: { expected: ['10.0.0.0/24'], live: [] } };
  const BOTH = 'az public-access-drift; or az registry-unreachable';
  const OWN = 'az registry-unreachable';
  it.each<{ what: string; evidence: Evidence; at?: string; fix: string }>([
    { what: 'was closed', evidence: CLOSED, fix: BOTH },
    { what: 'lost its rules', evidence: EMPTIED, fix: BOTH },
    {
      what: 'is otherwise than expected in other things',
      evidence: { adminUser: { expected: true, live: false } },
      fix: OWN,
    },
    { what: 'has its name elsewhere, where it was closed', evidence: CLOSED, at: OTHER_SUB, fix: OWN },
  ])('that $what: its fix is $fix', async ({ evidence, at = SUB, fix }) => {
    const findings = [
      open('registry-unreachable', { findingId: '0123456789abcdef' }),
      open('public-access-drift', { evidence, registryId: registryId('shop', at), severity: 'low' }),
    ];
    for (const change of [{}, { dimensions: { FindingId: '0123456789abcdef' } }]) {
      const incident = await told(change, findings);
      expect([incident.finding?.CheckId, incident.fix]).toEqual(['registry-unreachable', fix]);
    }
  });

  it.each([
    [
      'not how to accept that it is closed',
      'Put it back: az update; or accept it: az accept',
      `Put it back: az update; or ${OWN}`,
    ],
    ['its own alone where both are too long for a card', 'x'.repeat(4000), OWN],
  ])('its fix is %s', async (_what, undo, fix) => {
    const incident = await told({}, [
      open('registry-unreachable'),
      open('public-access-drift', { evidence: CLOSED, fix: undo, severity: 'low' }),
    ]);
    expect(incident.fix).toBe(fix);
  });
});

describe('what else is open', () => {
  const FINDING = '0123456789abcdef';
  const ofFinding = { dimensions: { FindingId: FINDING } };

  it('beside a finding is of its registry, then of its principal, and nothing of who has the same name', async () => {
    const elsewhere = { registryName: 'web', registryId: registryId('web'), severity: 'critical' as const };
    const ofPrincipal = (id: string) => ({ resourceId: `/servicePrincipals/${id}`, evidence: { holder: 'ci' } });
    const incident = await told(ofFinding, [
      open('principal-secret-expiring', { ...ofPrincipal('p1'), findingId: FINDING }),
      open('principal-without-owner', { ...ofPrincipal('p1'), ...elsewhere }),
      open('principal-secret-expired', { ...ofPrincipal('p2'), ...elsewhere }),
      open('token-password-expired', { evidence: { holder: 'ci' }, ...elsewhere }),
      open('admin-account-enabled', { severity: 'low' }),
    ]);
    expect(incident.related.map(({ CheckId }) => CheckId)).toEqual([
      'admin-account-enabled',
      'principal-without-owner',
    ]);
  });

  it.each<{ what: string; change: Partial<AlertCall>; count: number; more: string | undefined }>([
    { what: 'a finding', change: ofFinding, count: 20, more: 'and 15 more' },
    { what: 'a finding', change: ofFinding, count: 60, more: 'and 55 more' },
    { what: 'what may be behind an alert', change: {}, count: 5, more: undefined },
    { what: 'what may be behind an alert', change: {}, count: 60, more: 'and 55 more' },
  ])('beside $what is counted, though not all of $count are listed', async ({ change, count, more }) => {
    const others = Array.from({ length: count }, (_, at) => open('admin-account-enabled', { findingId: `f${at}` }));
    const incident = await told(change, [
      ...others,
      open('token-password-expired', { findingId: FINDING, severity: 'low' }),
    ]);
    expect(/and \d+ more/.exec(JSON.stringify(cardOf(incident)))?.[0]).toBe(more);
    const listed = markdownOf(incident).match(/^- high: admin-account-enabled/gm) ?? [];
    expect(listed.length + Number(/^And (\d+) more/m.exec(markdownOf(incident))?.[1] ?? 0)).toBe(count);
  });
});

describe('an alert about a registry', () => {
  const expired = open('token-password-expired');
  const LABELLED = { loginServer: 'shop-a1b2.azurecr.io' };

  it.each<{ what: string; change: Partial<AlertCall>; registries?: Partial<Registry>[]; name: string | undefined }>([
    { what: 'its login server', change: {}, name: 'shop' },
    { what: 'its login server in another letter case', change: at('SHOP.azurecr.io'), name: 'shop' },
    { what: 'a label after its name', change: at('shop-a1b2.azurecr.io'), registries: [LABELLED], name: 'shop' },
    { what: 'a label, unknown to the sweeps', change: at('shop-a1b2.azurecr.io'), registries: [], name: 'shop' },
    { what: 'the label of another one', change: at('shop-c3d4.azurecr.io'), registries: [LABELLED], name: undefined },
    { what: 'what its id ends with', change: { dimensions: {}, registryName: 'SHOP' }, name: 'shop' },
    { what: 'what is no host at all', change: at('"shop" or true'), name: undefined },
  ])('knows it by $what', async ({ change, registries, name }) => {
    const incident = await told(change, [expired], registries);
    expect([incident.registryName, incident.finding?.CheckId]).toEqual(
      name ? [name, 'token-password-expired'] : [undefined, undefined],
    );
  });

  function at(LoginServer: string): Partial<AlertCall> {
    return { dimensions: { LoginServer } };
  }

  it.each<{ what: string; findings?: ComparedFinding[]; registries?: Partial<Registry>[]; summary: string }>([
    { what: 'is open', summary: 'The workspace holds no open finding of it: what is muted, could not be read' },
    {
      what: 'explains it',
      findings: [open('admin-account-enabled')],
      summary: 'None of the open findings there explains it: what is muted, could not be read',
    },
    {
      what: 'is known',
      registries: [],
      summary: 'No sweep of the last two days has seen shop: what is open there is not known.',
    },
  ])('says when nothing $what, and what to do then', async ({ findings, registries, summary }) => {
    const incident = await told({}, findings, registries);
    expect(incident.summary).toContain(summary);
    expect(incident.fix).toContain('acr-warden report --registry shop');
  });

  it.each([
    { beside: 'nothing', findings: [], words: 'What is open there is not known' },
    {
      beside: 'what does not explain it',
      findings: [open('admin-account-enabled')],
      words: 'None of the open findings there explains it, and what else is open there is not known',
    },
  ])('that may have been deleted gets no all-clear, with $beside open', async ({ findings, words }) => {
    const { summary } = await told({}, findings, undefined, [{ shard: SUB, registriesDeleted: 1 }]);
    expect(summary).toContain(
      ` ${words}: after the sweep of 2026-11-24 05:00 UTC has seen shop, a registry of its subscription was deleted, taken out of the scope or lost from sight, maybe this one.`,
    );
  });

  it.each(['login-failures-rising', 'pulls-failing-shop', 'admin-account-used'])(
    '%s that ends is not called resolved',
    async (rule) => {
      const incident = await told({ rule, condition: 'Resolved' });
      expect(endOf(incident)).toBe('unseen');
      expect(markdownOf(incident)).toMatch(/^# Not seen any more, which does not mean mended: /);
    },
  );

  it('of who read the admin password names the caller where the call does, and what is open there', async () => {
    const read = { rule: 'admin-password-read-prod', dimensions: {}, registryName: 'shop' };
    const incident = await told({ ...read, caller: 'omar@contoso.com' }, [open('admin-account-enabled')]);
    expect(incident).toMatchObject({
      title: 'Somebody read the admin password of a registry',
      summary:
        'The rule names registry shop. As the caller it names omar@contoso.com: the activity log has it at first hand. What is open there is listed below.',
      fix: expect.stringContaining('az acr credential renew --name shop'),
      related: [expect.objectContaining({ CheckId: 'admin-account-enabled' })],
    });
    expect((await told(read)).summary).not.toContain('caller');
  });

  it('makes no name a part of a command that can be no registry', async () => {
    const { fix } = await told({ dimensions: { RegistryName: 'shop; az group delete' } });
    expect(fix).toContain('acr-warden report --registry <registry>');
  });

  it('says nothing of what is open where the workspace does not answer', () => {
    expect(unanswered(call(), PLACE).summary).toBe(
      'The workspace did not answer when it was asked for more. The rule names LoginServer shop.azurecr.io.',
    );
  });
});

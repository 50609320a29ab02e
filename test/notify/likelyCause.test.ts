import { expect, it } from 'vitest';
import { SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import type { Severity } from '../../src/model/severity.ts';
import { KNOWN_RULES } from '../../src/notify/knownRules.ts';
import { isBehind, mendOf } from '../../src/notify/likelyCause.ts';
import { asking, openFindings } from '../../src/notify/workspace.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { publish } from '../../src/publish/publish.ts';
import { findingRow, type RowStamp, TABLES } from '../../src/publish/rows.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { compared, DAY, fromNow, NOW, registryId, SUB, TENANT } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

const STAMP: RowStamp = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'test', tenantId: TENANT };

/** A finding of each time and severity that matter, and of no time: fewer than are listed at once. */
function findingsOf(checkId: string): ComparedFinding[] {
  const severities: Severity[] = ['medium', 'high'];
  return [undefined, 1, 0, 1 - 2 * DAY, -2 * DAY, -60 * DAY].flatMap((seconds) =>
    severities.map((severity) => {
      const at = seconds === undefined ? undefined : fromNow(seconds);
      const times = at === undefined ? {} : { expiresOn: at, firstSeen: at, changedAt: at };
      const evidence = { exposure: { expected: 'public', live: 'private' } };
      return compared({ checkId, severity, findingId: `${checkId} ${severity} ${seconds}`, evidence, ...times });
    }),
  );
}

it('is the same for who asks the workspace', async () => {
  const checks = [...new Set(KNOWN_RULES.flatMap(({ causes }) => causes))];
  const rows = new Map(checks.map((id) => [id, findingsOf(id).map((one) => findingRow(one, STAMP))]));
  const { azure } = simulated(estateOf());
  await publish(
    ingestion(azure, SIMULATED_DCR),
    memoryStore(),
    { sweepId: STAMP.sweepId, shard: SUB },
    { [TABLES.findings]: [...rows.values()].flat() },
  );
  const ask = asking(azure.logs, SIMULATED_WORKSPACE.id);
  for (const [id, own] of rows) {
    const about = { registryName: 'shop', environment: 'test' };
    const asked = await openFindings(ask, about, { causes: [id], at: NOW });
    const first = asked.rows.filter(({ First }) => Number(First) > 0).map(({ FindingId }) => FindingId);
    const behind = own.filter((row) => isBehind(row, { causes: [id] }, NOW)).map(({ FindingId }) => FindingId);
    expect(first.sort()).toEqual(behind.sort());
    expect(behind).not.toEqual([]);
  }
}, 60_000);

const KEY = 'secret/172b7c8a';
it.each<{ what: string; finding: Partial<ComparedFinding>; mend: string }>([
  {
    what: 'the last password',
    finding: { checkId: 'token-password-expired', severity: 'critical', evidence: { holder: 'ci' } },
    mend: 'az own',
  },
  {
    what: 'one of several passwords',
    finding: { checkId: 'token-password-expired', severity: 'medium', evidence: { holder: 'ci' } },
    mend: 'move the clients of ci that still use it to another credential that works: acr-warden access shop shows what there is',
  },
  {
    what: 'a secret beside a newer one',
    finding: {
      checkId: 'credential-superseded',
      severity: 'low',
      resourceId: '/servicePrincipals/p1',
      evidence: { holder: 'ci', supersededBy: KEY },
    },
    mend: `move the clients of ci that still use it to ${KEY}: acr-warden access --principal p1 shows what there is`,
  },
  {
    what: 'a secret beside a federated credential',
    finding: {
      checkId: 'principal-secret-expired',
      severity: 'low',
      resourceId: '/servicePrincipals/p1',
      evidence: { holder: 'ci', federated: true },
    },
    mend: 'move the clients of ci that still use it to the federated credential: acr-warden access --principal p1 shows what there is',
  },
  {
    what: 'a principal',
    finding: { checkId: 'role-assignment-orphaned', severity: 'low', evidence: { principalId: 'p1' } },
    mend: 'restore the principal if it was deleted by mistake, which is possible for 30 days; otherwise give its clients another identity, then az own',
  },
  {
    what: 'what a vault holds',
    finding: { checkId: 'vault-secret-expired', severity: 'medium', evidence: { vault: 'kv1' } },
    mend: 'az own',
  },
])('whoever fails by the end of $what is helped', ({ finding, mend }) => {
  expect(mendOf(findingRow(compared({ fix: 'az own', registryId: registryId('shop'), ...finding }), STAMP))).toBe(mend);
});

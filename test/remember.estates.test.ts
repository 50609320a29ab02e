import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../src/cli/render/document.ts';
import { simulatedSession } from '../src/cli/session.ts';
import { sweepAll } from '../src/cli/sweepAll.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';

/** What was worked out by hand for the estates, before there was a check (simulator/estates/README.md). */
async function sweeps(estate: string, policy: Policy, ...times: string[]) {
  const session = await simulatedSession(estate);
  const store = memoryStore();
  const documents = [];
  for (const sweptAt of times) {
    session.simulator?.advanceTo(sweptAt);
    documents.push(documentOf(await sweepAll(session, { policy, store, publish: false, sweptAt }), 'test'));
  }
  return documents;
}

function policyOf(estate: string): Policy {
  const file = new URL(`../simulator/estates/${estate}.warden.yaml`, import.meta.url);
  return parsePolicy(readFileSync(file, 'utf8'), file.pathname);
}

const SIX = '2026-11-24T06:00:00.000Z';
const EIGHT = '2026-11-24T08:00:00.000Z';
type Finding = Record<string, unknown>;
const drift = (findings: Finding[] = []) =>
  findings
    .filter(({ checkId }) => checkId === 'public-access-drift')
    .map((one) => [one.registryName, one.status, one.severity, one.changedBy])
    .sort();

describe('guide', () => {
  test('under its policy two registries are not as they should be', async () => {
    const [six] = await sweeps('guide', policyOf('guide'), SIX);
    expect(drift(six?.findings)).toEqual([
      ['contosopartner', 'new', 'low', 'unknown'],
      ['contosoplatform', 'new', 'high', 'unknown'],
    ]);
  });

  test('without one the first sweep records what it sees, and the second finds what was opened', async () => {
    const [six, eight] = await sweeps('guide', DEFAULT_POLICY, SIX, EIGHT);
    expect(drift(six?.findings)).toEqual([]);
    expect(drift(eight?.findings)).toEqual([
      ['contosopay', 'new', 'high', 'ana@contoso.com'],
      ['contososhop', 'new', 'medium', 'mia.lang@contoso.com'],
    ]);
    expect(
      eight?.changes.map((one) => [one.registryName, one.property, one.before, one.after, one.changedBy]).sort(),
    ).toEqual([
      ['contosopay', 'exposure', '"private"', '"public"', 'ana@contoso.com'],
      ['contososhop', 'adminUser', 'false', 'true', 'mia.lang@contoso.com'],
    ]);
  });

  test('who switched the admin accounts on: by Resource Graph, by the activity log, by nobody that is known', async () => {
    const [six] = await sweeps('guide', DEFAULT_POLICY, SIX);
    const admin = six?.findings.filter(({ checkId }) => checkId === 'admin-account-enabled') ?? [];
    expect(admin.map((one) => [one.registryName, one.changedBy, one.changedAt]).sort()).toEqual([
      ['contosolegacy', '', null],
      ['contososandbox', 'omar@contoso.com', '2026-11-03T16:20:45.347Z'],
      ['contosovendor', 'omar@contoso.com', '2026-11-21T15:12:09.347Z'],
    ]);
  });
});

test.each(['quiet', 'quiet-every-sku'])('%s has no drift under its policy', async (estate) => {
  const [six] = await sweeps(estate, policyOf(estate), SIX);
  expect(drift(six?.findings)).toEqual([]);
});

test('forbidden: what hides who and when is a gap, and hides nothing else', async () => {
  const [six] = await sweeps('forbidden', DEFAULT_POLICY, SIX);
  const past = six?.findings.filter(({ subject }) => subject === 'activityLog' || subject === 'changes') ?? [];
  expect(past.map((one) => [one.checkId, one.subject, one.resourceId])).toEqual([
    ['unreadable-scope', 'activityLog', '/subscriptions/394816f6-f045-48fa-8642-966541197b21'],
  ]);
  const plain = six?.findings.find(
    (one) => one.checkId === 'admin-account-enabled' && one.registryName === 'contosoplain',
  );
  // Resource Graph still knows.
  expect([plain?.changedBy, plain?.changedAt]).toEqual(['ana@contoso.com', '2026-11-20T09:15:00.347Z']);
});

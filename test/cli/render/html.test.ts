import { expect, test } from 'vitest';
import type { SweepDocument } from '../../../src/cli/render/document.ts';
import { htmlReport } from '../../../src/cli/render/html.ts';
import { findingRow, type RowStamp, registryRow } from '../../../src/publish/rows.ts';
import { compared, gap, NOW, registry, registryId, TENANT } from '../../build.ts';

const STAMP: RowStamp = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'prod', tenantId: TENANT };

function camel(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function page(change: Partial<SweepDocument> = {}): string {
  const sweep = { environment: 'prod', sweptAt: NOW, registriesSeen: 1 };
  return htmlReport({ sweep, findings: [], credentials: [], registries: [], changes: [], gaps: [], ...change });
}

const finding = (change: Parameters<typeof compared>[0]) => camel(findingRow(compared(change), STAMP));

test('an empty sweep says so', () => {
  expect(page()).toContain('Nothing found.');
  expect(page()).toContain('Everything could be read.');
});

test('what comes from Azure is text, whatever it is', () => {
  const evil = `<img src=x onerror="alert(1)">'`;
  const text = page({
    findings: [finding({ reason: evil, registryName: evil, subject: evil, fix: evil })],
    registries: [camel(registryRow(registry({ name: evil }), [], evil, STAMP))],
    gaps: [gap({ reason: evil })],
  });
  expect(text).not.toContain('<img');
  expect(text).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
});

test('what cannot be seen is dropped from whatever comes from Azure', () => {
  const evil = 'a\u202eb\u001b[31m\u0007\nc';
  const text = page({
    sweep: { environment: evil, sweptAt: NOW, registriesSeen: 1 },
    findings: [finding({ reason: evil, registryName: evil, subject: evil, fix: evil, owners: [evil], title: evil })],
    registries: [camel(registryRow(registry({ name: evil }), [], evil, STAMP))],
    gaps: [gap({ reason: evil, permission: evil })],
  });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('a b [31m  c');
});

test('a finding says where, at which of several registries, and whose it is', () => {
  const text = page({
    findings: [
      finding({
        registryName: '',
        subscriptionName: '',
        resourceId: '/servicePrincipals/1',
        owners: ['ana@contoso.com', 'omar@contoso.com'],
        evidence: { registries: [registryId('shop'), registryId('other')] },
      }),
    ],
  });
  expect(text).toContain('<b>2 registries</b>');
  expect(text).toContain('<small>shop, other</small>');
  expect(text).toContain(' · owned by ana@contoso.com, omar@contoso.com');
  expect(text).not.toContain('/servicePrincipals/');
});

test('needs no script and nothing from outside', () => {
  const text = page({ findings: [finding({})] });
  expect(text).not.toMatch(/<script|<link|src=|@import|url\(/);
});

test('what is open, what was accepted and what is resolved stand apart', () => {
  const muted = { reason: 'appliance', owner: 'ana@contoso.com', until: '2027-04-01T00:00:00.000Z' };
  const text = page({
    findings: [
      finding({ reason: 'open one' }),
      finding({ reason: 'accepted one', muted }),
      finding({ reason: 'gone one', status: 'resolved', statusReason: 'fixed' }),
    ],
  });
  const at = ['<h2>Open findings', 'open one', '<h2>Accepted', 'accepted one', '<h2>Resolved', 'gone one'].map((part) =>
    text.indexOf(part),
  );
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(at).not.toContain(-1);
  expect(text).toContain('1 open finding, 1 resolved since the last sweep');
});

test('what could not be read is said, with what it needs', () => {
  const text = page({ gaps: [gap({ reason: 'cannot read the tokens', permission: 'a/b/read' })] });
  expect(text).toContain('Cannot read the tokens. Needs <code>a/b/read</code>.');
  expect(text).toContain('unknown, not clean');
  expect(text).toContain('Nothing found in what could be read.');
  expect(text).not.toMatch(/Everything could be read|Nothing found\.|None\./);
});

test('whatever takes the focus of a keyboard has a name', () => {
  const muted = { reason: 'appliance', owner: 'ana@contoso.com', until: '2027-04-01T00:00:00.000Z' };
  const text = page({
    findings: [finding({}), finding({ muted }), finding({ status: 'resolved', statusReason: 'fixed' })],
    credentials: [{ credentialName: 'ci' }],
    registries: [camel(registryRow(registry(), [], 'Prod', STAMP))],
  });
  const focused = [...text.matchAll(/<[^>]+tabindex="0"[^>]*>/g)].map(([tag]) => tag);
  const named = focused.map((tag) => /role="region" aria-label="([^"]+)"/.exec(tag)?.[1]);
  expect(named).toEqual([
    'Open findings',
    'Accepted for a while',
    'Resolved since the last sweep',
    'Credentials',
    'Registries',
  ]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registryId } from '../build.ts';
import { estateOf, wireRegistry } from '../wire.ts';
import { run } from './run.ts';

let folder = '';
let estate = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-alerts-'));
  estate = join(folder, 'estate.json');
  const change = (at: string, adminUserEnabled: boolean) => ({
    at,
    by: 'ana@contoso.com',
    merge: { id: registryId('shop'), properties: { adminUserEnabled } },
  });
  const timeline = [change('2026-11-24T06:30:00Z', true), change('2026-11-24T08:30:00Z', false)];
  await writeFile(estate, JSON.stringify(estateOf([wireRegistry('shop')], { timeline })));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('alerts', () => {
  test('tells which rules fire and resolve, when, and about what', async () => {
    const { code, stdout, stderr } = await run(['alerts', '--estate', estate, '--to', '2026-11-24T10:00:00Z']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter((line) => line.includes('admin account'));
    expect(lines.map((line) => line.replace(/ {2}[0-9a-f]{16},/, ':'))).toEqual([
      '2026-11-24T07:00Z Fired    Sev2 finding-high: Registry admin account is enabled, shop',
      '2026-11-24T09:30Z Resolved Sev2 finding-high: Registry admin account is enabled, shop',
    ]);
    expect(stderr).toMatch(/^\d+ notifications from 2026-11-24T06:00:00\.000Z to 2026-11-24T10:00:00\.000Z\.\n$/);
  });

  test('prints what leaves Azure as JSON, from a time on', async () => {
    const args = ['--from', '2026-11-24T09:00:00Z', '--to', '2026-11-24T09:30:00Z', '--format', 'json'];
    const { stdout } = await run(['alerts', '--estate', estate, ...args]);
    const told: { at: string; condition: string; payload: { schemaId: string }; mail: { subject: string } }[] =
      JSON.parse(stdout);
    const resolved = told.filter(({ condition }) => condition === 'Resolved');
    expect(resolved.map(({ payload, mail }) => [payload.schemaId, mail.subject])).toContainEqual([
      'azureMonitorCommonAlertSchema',
      'Resolved:Sev2 Azure Monitor Alert finding-high on law-acr-warden ( microsoft.operationalinsights/workspaces ) at 11/24/2026 9:30:00 AM',
    ]);
    expect(told.filter(({ at }) => at < '2026-11-24T09:00')).toEqual([]);
  });

  test.each([
    { args: ['--from', 'yesterday'], stderr: 'It must be a time like 2026-11-24T06:00:00Z.' },
    { args: ['--from', '2026-11-24T05:00:00Z'], stderr: 'before the estate begins, 2026-11-24T06:00:00.000Z' },
    { args: ['--to', '2026-11-24T05:00:00Z'], stderr: 'is before --from' },
    { args: ['--interval', '5'], stderr: 'Allowed choices are 1, 2, 3, 4, 6, 12' },
    { args: ['--policy', 'nowhere.yaml'], stderr: 'nowhere.yaml' },
  ])('refuses $args', async ({ args, stderr }) => {
    const ran = await run(['alerts', '--estate', estate, ...args]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(stderr);
  });
});

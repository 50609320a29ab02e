import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadEstate, parseEstate } from '../../simulator/index.ts';

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was not refused');
}

test('only tenantId is required, and what is inside objects is open', () => {
  expect(parseEstate({ tenantId: 't' }, 'x')).toEqual({ tenantId: 't' });
  const capture = {
    tenantId: 't',
    now: '2026-11-24T06:00:00.1234567+01:00',
    resources: [{ id: '/SUBSCRIPTIONS/s', properties: null, future: [1] }],
    managementGroups: { root: { parent: null }, leaf: { parent: 'root', subscriptions: ['s'] } },
  };
  expect(parseEstate(capture, 'x')).toEqual(capture);
});

test('every problem is named with its place', () => {
  const bad = {
    now: 'yesterday',
    tenant: 't',
    resources: [{ id: 'shop' }, { name: 'x' }, { id: '/subscriptions/S' }, { id: '/subscriptions/s' }],
    denied: [{ action: '*', scop: '/x' }],
    timeline: [{ at: '2026-11-24T07:00:00Z', by: 'ana' }],
  };
  expect(refusal(() => parseEstate(bad, 'guide.json')).split('\n')).toEqual([
    'guide.json is not an estate file:',
    '  now: must be an ISO time such as 2026-11-24T06:00:00Z',
    '  tenantId: Invalid input: expected string, received undefined',
    '  resources[0].id: must be a full resource id: /subscriptions/… or /providers/…',
    '  resources[1].id: Invalid input: expected string, received undefined',
    '  denied[0]: Unrecognized key: "scop"',
    '  timeline[0]: does nothing: give it merge, remove, denied, graph, vaults or dataPlane',
    '  (top level): Unrecognized key: "tenant"',
  ]);
});

test('two resources with one id are refused', () => {
  const twins = { tenantId: 't', resources: [{ id: '/subscriptions/S' }, { id: '/subscriptions/s' }] };
  expect(refusal(() => parseEstate(twins, 'x'))).toContain('resources[1].id: is the id of [0] too: /subscriptions/s');
});

test('a file is named by its path and, unless it names itself, for its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'estate-'));
  writeFileSync(join(folder, 'capture.json'), '{"tenantId":"t"}');
  writeFileSync(join(folder, 'broken.json'), '{');
  expect(loadEstate(join(folder, 'capture.json'))).toEqual({ name: 'capture', tenantId: 't' });
  writeFileSync(join(folder, 'marked.json'), '\ufeff{"tenantId":"t","name":"m"}');
  expect(loadEstate(join(folder, 'marked.json'))).toEqual({ name: 'm', tenantId: 't' });
  expect(refusal(() => loadEstate(join(folder, 'broken.json')))).toMatch(/broken\.json is not JSON$/);
  expect(refusal(() => loadEstate(`${folder}/`))).toBe(`cannot read the estate ${folder}/`);
  expect(refusal(() => loadEstate(join(folder, 'none.json')))).toMatch(/there is no .*none\.json$/);
  expect(refusal(() => loadEstate('nowhere'))).toBe("estate 'nowhere': there is no simulator/estates/nowhere.json");
});

const shipped = readdirSync(join(import.meta.dirname, '../../simulator/estates')).filter((file) =>
  file.endsWith('.json'),
);
test.each(shipped)('the shipped %s is an estate', (file) => {
  expect(loadEstate(file.replace(/\.json$/, '')).tenantId).not.toBe('');
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { documentOf } from '../../src/cli/render/document.ts';
import { type Session, simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../src/policy.ts';
import { folderStore } from '../../src/state/folder.ts';
import { knownRegistries } from '../../src/state/knownRegistries.ts';
import { openStore } from '../../src/state/open.ts';
import type { Store } from '../../src/state/store.ts';
import { fromNow, registryId } from '../build.ts';
import { startAzurite } from '../state/azurite.ts';
import { estateOf, wireRegistry } from '../wire.ts';
import { run } from './run.ts';

let folder = '';
let state = '';
let session: Session;

const warden = (...args: string[]) => run(args);

/** One sweep of the estate with this state, in this process: only the command under test is worth a process of its own. */
async function sweep(seconds: number, policyFile?: string, store: Store = folderStore(state)) {
  session.simulator?.advanceTo(fromNow(seconds));
  const policy = policyFile ? parsePolicy(await readFile(policyFile, 'utf8'), policyFile) : DEFAULT_POLICY;
  const sweptAt = fromNow(seconds);
  return documentOf(await sweepAll(session, { policy, store, publish: false, sweptAt }), 'test');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-baseline-'));
  state = join(folder, 'state');
  const timeline = ['shop', 'pay'].map((name) => ({
    at: fromNow(60),
    by: 'ana@contoso.com',
    merge: { id: registryId(name), properties: { publicNetworkAccess: 'Enabled' } },
  }));
  const estate = estateOf([wireRegistry('shop'), wireRegistry('pay')], { timeline });
  await writeFile(join(folder, 'estate.json'), JSON.stringify(estate));
  await writeFile(join(folder, 'warden.yaml'), 'network:\n  - registry: pay\n    expect: { exposure: private }\n');
  session = await simulatedSession(join(folder, 'estate.json'));
  await sweep(0);
  await sweep(3600, join(folder, 'warden.yaml'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('baseline, on a state in which shop and pay were opened', () => {
  test('show: what is expected, from where, beside what was seen', async () => {
    const { stdout } = await warden('baseline', 'show', 'shop', 'pay', '--state', state, '--format', 'json');
    const shown: { name: string; registryId: string; firstSeenAt: string; fields: Record<string, unknown>[] }[] =
      JSON.parse(stdout);
    expect(shown.map(({ name, registryId: id, firstSeenAt, fields }) => [name, id, firstSeenAt, fields[0]])).toEqual([
      [
        'shop',
        registryId('shop'),
        fromNow(0),
        { field: 'exposure', expected: 'private', origin: 'first-seen', live: 'public', differs: true },
      ],
      [
        'pay',
        registryId('pay'),
        fromNow(0),
        { field: 'exposure', expected: 'private', origin: 'policy', live: 'public', differs: true },
      ],
    ]);
    expect(shown[0]?.fields.filter(({ differs }) => differs)).toHaveLength(1);
  });

  test('show, for people: every registry that is known', async () => {
    const { stdout } = await warden('baseline', 'show', '--state', state);
    expect(stdout).toMatch(/^pay \(first seen 2026-11-24\)/);
    expect(stdout).toMatch(/exposure +private +policy +public/);
    expect(stdout).toMatch(/\nshop \(first seen 2026-11-24\)/);
    expect(stdout).toMatch(/exposure +private +first-seen +public/);
  });

  test.each<[string, string[], string]>([
    [
      'a name that nobody has seen, and nothing is accepted',
      ['shop', 'shpo', '--reason', 'x'],
      "has seen 'shpo'; it knows pay, shop",
    ],
    ['a reason of blanks', ['shop', '--reason', ' '], '--reason is empty: say why the posture is right'],
    ['no reason', ['shop'], "required option '--reason <text>' not specified"],
  ])('accept refuses %s', async (_what, args, message) => {
    const { code, stderr } = await warden('baseline', 'accept', ...args, '--state', state);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    const [kept] = await knownRegistries(folderStore(state));
    expect(kept?.baseline.accepted).toBeUndefined();
  });

  test.each([[['show', 'shop']], [['show']], [['show', '--format', 'json']], [['export']]])(
    'a state that no sweep has written is said to be empty: %j',
    async (args) => {
      const empty = join(folder, 'nothing');
      const { code, stdout, stderr } = await warden('baseline', ...args, '--state', empty);
      const said = expect.stringContaining(`nothing is kept in ${empty}: sweep once with --state`);
      expect([code, stdout, stderr]).toEqual([1, '', said]);
    },
  );

  test('accept, then sweep: resolved as accepted, told as a change; the policy still counts more', async () => {
    const args = ['accept', 'shop', 'pay', '--state', state, '--reason', 'vendor', '--by', 'mia'];
    expect((await warden('baseline', ...args)).stdout.split('\n')).toEqual([
      'shop: accepted exposure = "public"',
      'pay: accepted exposure = "public"; of exposure warden.yaml counts more: change it there',
      '',
    ]);
    const { findings, changes } = await sweep(7200, join(folder, 'warden.yaml'));
    const drift = findings.filter(({ checkId }) => checkId === 'public-access-drift');
    expect(drift.map((one) => [one.registryName, one.status, one.statusReason]).sort()).toEqual([
      ['pay', 'ongoing', ''],
      ['shop', 'resolved', 'accepted'],
    ]);
    const accepted = changes.map((one) => [
      one.registryName,
      one.property,
      one.before,
      one.after,
      one.changedBy,
      one.operation,
      one.source,
    ]);
    expect(accepted.sort()).toEqual([
      ['pay', 'exposure', '"private"', '"public"', 'mia', 'baseline accept: vendor', 'baseline'],
      ['shop', 'exposure', '"private"', '"public"', 'mia', 'baseline accept: vendor', 'baseline'],
    ]);
    expect((await warden('baseline', ...args)).stdout).toContain(
      'shop: nothing to accept, it is as it was accepted or first seen\n',
    );

    // What is exported as a policy and used as one leaves nothing to find.
    const exported = await warden('baseline', 'export', 'shop', '--state', state);
    const { network } = parse(exported.stdout);
    expect(network).toMatchObject([{ registry: 'shop', expect: { exposure: 'public', adminUser: false } }]);
    await writeFile(join(folder, 'exported.yaml'), exported.stdout);
    const next = await sweep(10_800, join(folder, 'exported.yaml'));
    expect(
      next.findings.filter(({ checkId, registryName }) => checkId === 'public-access-drift' && registryName === 'shop'),
    ).toEqual([]);
  });
});

describe('baseline, on the state of a tenant without a registry', () => {
  let bare = '';
  beforeAll(async () => {
    bare = join(folder, 'bare');
    const file = join(folder, 'bare.json');
    await writeFile(file, JSON.stringify(estateOf([])));
    const kept = { store: folderStore(bare), isLasting: true, publish: false };
    await sweepAll(await simulatedSession(file), { policy: DEFAULT_POLICY, sweptAt: fromNow(0), ...kept });
  });

  test.each([
    [['export'], 'network: []\n'],
    [['show', '--format', 'json'], '[]\n'],
    [['show'], 'No registry is known: sweeps with this state have seen none that is still there.\n'],
  ])('%j shows none', async (args, stdout) => {
    expect(await warden('baseline', ...args, '--state', bare)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('a name is refused', async () => {
    const { code, stderr } = await warden('baseline', 'show', 'shop', '--state', bare);
    expect([code, stderr]).toEqual([1, expect.stringContaining("has seen 'shop'; it knows none")]);
  });
});

test('baseline on the state of a deployed auditor: a blob container', async () => {
  const azurite = await startAzurite();
  try {
    const url = await azurite.container('warden');
    session = await simulatedSession(join(folder, 'estate.json'));
    const store = openStore(url, session.credential);
    await sweep(0, undefined, store);
    await sweep(3600, undefined, store);
    const accepted = await warden('baseline', 'accept', 'shop', '--state', url, '--reason', 'vendor', '--by', 'mia');
    expect(accepted).toEqual({ code: 0, stdout: 'shop: accepted exposure = "public"\n', stderr: '' });
    const { findings } = await sweep(7200, undefined, store);
    const drift = findings.filter(({ checkId }) => checkId === 'public-access-drift');
    expect(drift.map((one) => [one.registryName, one.status, one.statusReason]).sort()).toEqual([
      ['pay', 'ongoing', ''],
      ['shop', 'resolved', 'accepted'],
    ]);
  } finally {
    await azurite.stop();
  }
});

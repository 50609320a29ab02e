import { describe, expect, test } from 'vitest';
import { accept, firstSeen } from '../../src/baseline.ts';
import { publicAccessDrift } from '../../src/checks/public-access-drift.ts';
import type { Openings, PostureChange } from '../../src/model/change.ts';
import type { CheckInput } from '../../src/model/check.ts';
import type { Registry } from '../../src/model/estate.ts';
import type { RegistryMemory } from '../../src/model/memory.ts';
import type { PostureExpectation } from '../../src/model/policy.ts';
import type { Baseline } from '../../src/model/posture.ts';
import type { Severity } from '../../src/model/severity.ts';
import { withOpened } from '../../src/opened.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { postureOf } from '../../src/posture.ts';
import { gap, input, NOW, registry, registryId, SUB } from '../build.ts';
import { connection } from './told.ts';

const OPEN = { publicNetworkAccess: 'Enabled', exposure: 'public', defaultAction: 'Allow' } as const;
const SELECTED = { publicNetworkAccess: 'Enabled', exposure: 'selected-networks' } as const;

function given(live: Registry, memory?: RegistryMemory, expectation?: PostureExpectation): CheckInput {
  const network = expectation ? [{ registry: live.name, expect: expectation }] : [];
  return {
    ...input({ registries: [live], policy: { ...DEFAULT_POLICY, network } }),
    ...(memory && { remembered: new Map([[live.id.toLowerCase(), memory]]) }),
  };
}

function seen(change: Partial<Registry>): RegistryMemory & { baseline: Baseline } {
  return { baseline: firstSeen(registry(change), NOW), lastChanges: {} };
}

function changeOf(change: Partial<PostureChange> = {}): PostureChange {
  return {
    changeId: 'c1',
    registryId: registryId('shop'),
    property: 'exposure',
    before: 'private',
    after: 'public',
    changedBy: 'ana@contoso.com',
    changedByType: 'User',
    client: 'Azure Portal',
    operation: 'microsoft.containerregistry/registries/write',
    correlationId: 'k1',
    changedAt: '2026-11-24T05:30:00.000Z',
    source: 'resource-graph',
    ...change,
  };
}

/** The severity of what a registry became after it was seen otherwise; undefined: no finding. */
function severityOf(before: Partial<Registry>, now: Partial<Registry>): Severity | undefined {
  const [hit] = publicAccessDrift.run(given(registry(now), seen(before)));
  return hit?.severity;
}

describe('severity: what the change opens', () => {
  const rules = (...ipRules: string[]) => ({ ...SELECTED, ipRules });
  const everything = (...ipRules: string[]) => ({ ...SELECTED, exposure: 'public' as const, ipRules });

  test.each<[string, Partial<Registry>, Partial<Registry>, Severity | undefined]>([
    ['nothing', {}, {}, undefined],
    ['anonymous pull on', {}, { anonymousPullEnabled: true }, 'critical'],
    ['anonymous pull off', { anonymousPullEnabled: true }, {}, 'low'],
    ['a rule for everybody', rules('192.0.2.0/24'), everything('192.0.2.0/24', '0.0.0.0/0'), 'critical'],
    ['two rules for everybody', rules('192.0.2.0/24'), everything('0.0.0.0/1', '128.0.0.0/1'), 'critical'],
    [
      'from private to a rule for everybody that was ignored',
      { ipRules: ['0.0.0.0/0'] },
      everything('0.0.0.0/0'),
      'critical',
    ],
    ['a rule for everybody, of another kind', rules('192.0.2.0/24'), everything('192.0.2.0/24', '::/0'), 'critical'],
    ['half of everybody', rules('192.0.2.0/24'), rules('192.0.2.0/24', '0.0.0.0/1'), 'high'],
    ['private to selected networks', {}, SELECTED, 'high'],
    ['private to public', {}, OPEN, 'high'],
    ['selected networks to public', SELECTED, OPEN, 'high'],
    ['public to private', OPEN, {}, 'low'],
    ['public to selected networks', OPEN, rules('192.0.2.0/24'), 'low'],
    ['public to wide selected networks', OPEN, rules('10.0.0.0/8'), 'low'],
    ['public to a rule for everybody', OPEN, everything('0.0.0.0/0'), undefined],
    ['public by a rule to fewer networks', everything('0.0.0.0/0'), rules('10.0.0.0/8'), 'low'],
    ['public by a rule to open', everything('0.0.0.0/0'), OPEN, undefined],
    [
      'one more rule beside one for everybody',
      everything('0.0.0.0/0'),
      everything('0.0.0.0/0', '2001:db8::/64'),
      undefined,
    ],
    ['selected networks to private', rules('192.0.2.0/24'), {}, 'low'],
    ['a rule of a /24', rules(), rules('192.0.2.0/24'), 'medium'],
    ['a rule of a /23', rules(), rules('192.0.2.0/23'), 'high'],
    ['a /23 in two halves', rules(), rules('192.0.2.0/24', '192.0.3.0/24'), 'high'],
    ['a narrow rule and a wide one', rules(), rules('192.0.2.7/32', '10.0.0.0/8'), 'high'],
    ['a /24 next to the one that is there', rules('192.0.2.0/24'), rules('192.0.2.0/23'), 'medium'],
    ['an IPv6 /48', rules(), rules('2001:db8:1::/48'), 'medium'],
    ['an IPv6 /47', rules(), rules('2001:db8::/47'), 'high'],
    ['a rule taken away', rules('192.0.2.0/24'), rules(), 'low'],
    ['one rule for another', rules('192.0.2.7/32'), rules('192.0.2.8/32'), 'medium'],
    ['the same rules, cut otherwise', rules('192.0.2.0/24'), rules('192.0.2.128/25', '192.0.2.0/25'), undefined],
    ['rules that are ignored', { ipRules: [] }, { ipRules: ['0.0.0.0/0'] }, undefined],
    ['rules beside an open default', OPEN, { ...OPEN, ipRules: ['192.0.2.0/24'] }, undefined],
    ['bypass on', {}, { networkRuleBypass: 'AzureServices' }, 'medium'],
    ['bypass off', { networkRuleBypass: 'AzureServices' }, {}, 'low'],
    ['bypass for tasks', {}, { tasksBypass: true }, 'medium'],
    ['export on', {}, { exportEnabled: true }, 'medium'],
    ['tokens of ARM', {}, { armAudienceTokens: true }, 'medium'],
    ['the admin account', {}, { adminUserEnabled: true }, 'medium'],
    ['no admin account any more', { adminUserEnabled: true }, {}, 'low'],
    ['data endpoint off', {}, { dataEndpointEnabled: false }, 'low'],
    [
      'mode of role assignments: a change, no drift',
      {},
      { roleAssignmentMode: 'AbacRepositoryPermissions' },
      undefined,
    ],
    ['the worst of several', {}, { ...OPEN, anonymousPullEnabled: true }, 'critical'],
  ])('%s', (_what, before, now, expected) => {
    expect(severityOf(before, now)).toBe(expected);
  });

  test('a rule for one address is named, and is what the fix takes away', () => {
    const [hit] = publicAccessDrift.run(
      given(registry(rules('192.0.2.7/32', '192.0.2.8/32')), seen(rules('192.0.2.8/32'))),
    );
    expect(hit?.reason).toContain('ipRules let in 192.0.2.7/32, other than expected');
    expect(hit?.fix.match(/--ip-address [\d./]+/g)).toEqual(['--ip-address 192.0.2.7/32']);
  });

  test('200 rules are one finding', () => {
    const many = Array.from({ length: 200 }, (_, index) => `10.0.${index}.7/32`);
    const hits = publicAccessDrift.run(given(registry(rules(...many)), seen(rules())));
    expect(hits.map(({ severity, evidence }) => [severity, Object.keys(evidence)])).toEqual([['medium', ['ipRules']]]);
  });
});

describe('below Premium', () => {
  const BASIC = { ...OPEN, sku: 'Basic', networkRuleBypass: 'AzureServices', exportEnabled: true } as const;

  test.each<[string, Partial<Registry>, Partial<Registry>, string[]]>([
    ['what the tier has not got is not measured', { ...OPEN, networkRuleBypass: 'None' }, BASIC, []],
    ['the exposure is: the tier was lowered', {}, BASIC, ['exposure']],
    ['the admin account is', OPEN, { ...BASIC, adminUserEnabled: true }, ['adminUser']],
  ])('%s', (_what, before, now, fields) => {
    const hits = publicAccessDrift.run(given(registry(now), seen(before)));
    expect(hits.flatMap(({ evidence }) => Object.keys(evidence))).toEqual(fields);
  });

  test('closing it again needs Premium, and the fix says so', () => {
    const [hit] = publicAccessDrift.run(given(registry(BASIC), seen({})));
    expect(hit?.fix).toMatch(
      /update \S+ shop \S+ \S+ --sku Premium && .* && az acr update .* --public-network-enabled false;/,
    );
  });
});

test('the finding: one per registry, field by field, with who and when', () => {
  const memory: RegistryMemory = {
    ...seen({}),
    lastChanges: {
      exposure: changeOf(),
      adminUser: changeOf({ property: 'adminUser', changedBy: 'omar@contoso.com', changedAt: NOW }),
    },
  };
  const live = registry({ ...OPEN, adminUserEnabled: true, privateEndpointConnections: [connection()] });
  expect(publicAccessDrift.run(given(live, memory))).toEqual([
    {
      resourceId: registryId('shop'),
      severity: 'high',
      reason:
        'shop: exposure is public, expected private (first seen on 2026-11-24); adminUser is true, expected false (first seen on 2026-11-24). Changed by ana@contoso.com at 2026-11-24 05:30 UTC with Azure Portal (exposure), by omar@contoso.com at 2026-11-24 06:00 UTC with Azure Portal (adminUser).',
      evidence: {
        exposure: { expected: 'private', live: 'public' },
        adminUser: { expected: false, live: true },
      },
      changedBy: 'ana@contoso.com',
      changedAt: '2026-11-24T05:30:00.000Z',
      fix: `Put it back: az acr update --name shop --subscription ${SUB} --public-network-enabled false --admin-enabled false; or accept it: acr-warden baseline accept shop --reason '<why>' --state <folder or container>`,
    },
  ]);
});

describe('who', () => {
  test('is unknown where nobody recorded it', () => {
    const [hit] = publicAccessDrift.run(given(registry(OPEN), seen({})));
    expect([hit?.changedBy, hit?.changedAt]).toEqual(['unknown', undefined]);
    expect(hit?.reason).toContain('Who changed it is unknown: older than what Azure keeps, or not recorded.');
  });

  test('is unknown since the sweep before, where only the sweeps show it', () => {
    const between = { from: '2026-11-24T04:00:00.000Z', to: '2026-11-24T05:00:00.000Z' };
    const { changedAt: _, ...observed } = changeOf({ changedBy: 'unknown', source: 'observed', between });
    const [hit] = publicAccessDrift.run(given(registry(OPEN), { ...seen({}), lastChanges: { exposure: observed } }));
    expect(hit?.reason).toContain(
      'Who changed it between 2026-11-24 04:00 UTC and 2026-11-24 05:00 UTC is unknown: not recorded.',
    );
  });

  const ANA = 'by ana@contoso.com at 2026-11-24 05:30 UTC with Azure Portal';
  const OMAR = 'by omar at 2026-11-24 06:00 UTC';
  const later = (property: 'exposure' | 'ipRules' | 'adminUser', before: unknown, after: unknown) =>
    changeOf({ changeId: 'c2', changedBy: 'omar', client: '', changedAt: NOW, property, before, after });
  test.each<[string, Partial<Registry>, Partial<Registry>, PostureChange[], string]>([
    [
      'whoever opened it, not who narrowed it since',
      {},
      SELECTED,
      [changeOf(), later('exposure', 'public', 'selected-networks')],
      `Changed ${ANA}`,
    ],
    [
      'each who opened a step of it',
      {},
      OPEN,
      [changeOf({ after: 'selected-networks' }), later('exposure', 'selected-networks', 'public')],
      `Changed ${OMAR}, ${ANA}`,
    ],
    [
      'whoever narrowed it, where that is the difference',
      OPEN,
      SELECTED,
      [changeOf(), later('exposure', 'public', 'selected-networks')],
      `Changed ${OMAR}`,
    ],
    [
      'whoever let in each network, the widest first',
      SELECTED,
      { ...SELECTED, ipRules: ['20.0.0.0/10', '192.0.2.7/32'] },
      [
        changeOf({ property: 'ipRules', before: [], after: ['20.0.0.0/10'] }),
        later('ipRules', ['20.0.0.0/10'], ['20.0.0.0/10', '192.0.2.7/32']),
      ],
      `Changed ${ANA}, ${OMAR}`,
    ],
    [
      'each field, and which of them nobody is known for',
      {},
      { ...OPEN, adminUserEnabled: true },
      [later('adminUser', false, true)],
      `Changed ${OMAR} (adminUser); who changed exposure is unknown`,
    ],
    [
      'whoever is known of several behind one field',
      SELECTED,
      { ...SELECTED, ipRules: ['198.51.100.0/24', '192.0.2.7/32'] },
      [
        // As only the sweeps show it.
        changeOf({ property: 'ipRules', before: [], after: ['198.51.100.0/24'], changedBy: 'unknown', changedAt: '' }),
        later('ipRules', ['198.51.100.0/24'], ['198.51.100.0/24', '192.0.2.7/32']),
      ],
      `Changed ${OMAR}; who else changed ipRules is unknown`,
    ],
  ])('is %s', (_what, before, now, changes, words) => {
    const lastChanges = Object.fromEntries(changes.map((change) => [change.property, change]));
    const openings = changes.reduce<Openings>(withOpened, {});
    const [hit] = publicAccessDrift.run(given(registry(now), { ...seen(before), lastChanges, openings }));
    expect(hit?.reason).toMatch(new RegExp(`[.:] ${words.replaceAll(/[.()]/g, '\\$&')}\\.$`));
    expect(hit?.changedBy).toBe(
      / who changed \w+ is unknown$/.test(words) ? 'unknown' : /Changed by ([^ ]+)/.exec(words)?.[1],
    );
  });

  test('could not be read where a gap says so', () => {
    const blind = { ...given(registry(OPEN), seen({})), gaps: [gap({ source: 'activityLog' })] };
    const [hit] = publicAccessDrift.run(blind);
    expect(hit?.reason).toContain('Who changed it is unknown: what Azure recorded could not be read.');
  });
});

describe('the policy', () => {
  test('counts without anything kept', () => {
    const [hit] = publicAccessDrift.run(given(registry(OPEN), undefined, { exposure: 'selected-networks' }));
    expect(hit?.reason).toContain('exposure is public, expected selected-networks (by the policy)');
    expect(hit?.fix).toContain('; or change what warden.yaml expects of exposure');
    expect(hit?.fix).not.toContain('baseline accept');
  });

  test('counts more than what was accepted', () => {
    const { baseline } = seen({});
    const accepted = accept(baseline, postureOf(registry(OPEN)), { at: NOW, by: 'ana', reason: 'x' });
    const memory = { baseline: accepted, lastChanges: {} };
    expect(publicAccessDrift.run(given(registry(OPEN), memory))).toEqual([]);
    expect(publicAccessDrift.run(given(registry(OPEN), memory, { exposure: 'private' }))).toHaveLength(1);
  });

  const deny: Partial<Registry> = { ...SELECTED, ipRules: [] };
  const everybody: Partial<Registry> = { ...OPEN, defaultAction: 'Deny', ipRules: ['0.0.0.0/0'] };
  test.each<[string, PostureExpectation, Partial<Registry>, Partial<Registry>, Severity | undefined, string[]]>([
    ['rules are a firewall', { ipRules: ['192.0.2.0/24'] }, OPEN, OPEN, 'high', ['exposure']],
    ['no rules are one too', { ipRules: [] }, deny, deny, undefined, []],
    ['rules do not ask for less', { ipRules: ['192.0.2.0/24'] }, {}, {}, 'low', ['exposure']],
    [
      'a rule for everybody is no private access',
      { exposure: 'private' },
      everybody,
      everybody,
      'critical',
      ['exposure'],
    ],
    ['nor a firewall', { exposure: 'selected-networks' }, everybody, everybody, 'critical', ['exposure']],
    ['any rules are a firewall where all came in', { exposure: 'selected-networks' }, OPEN, SELECTED, undefined, []],
    [
      'rules that slept are as good as those that are named',
      { exposure: 'selected-networks' },
      { ipRules: ['10.0.0.0/8'] },
      { ...SELECTED, ipRules: ['10.0.0.0/8'] },
      undefined,
      [],
    ],
    [
      'rules without export ask for no firewall',
      { ipRules: ['192.0.2.0/24'], exportPolicy: 'disabled' },
      { exportEnabled: false },
      { exportEnabled: false },
      undefined,
      [],
    ],
    [
      'export that was off is not expected beside a firewall',
      { exposure: 'selected-networks' },
      { exportEnabled: false },
      SELECTED,
      undefined,
      [],
    ],
    [
      'public lets in whoever a rule names',
      { exposure: 'public' },
      OPEN,
      { ...SELECTED, ipRules: ['10.0.0.0/8'] },
      'low',
      ['exposure'],
    ],
  ])('%s', (_what, wanted, before, now, severity, fields) => {
    const [hit] = publicAccessDrift.run(given(registry(now), seen(before), wanted));
    expect([hit?.severity, Object.keys(hit?.evidence ?? {})]).toEqual([severity, fields]);
  });

  test('that expects what is there gives silence, however its rules are written', () => {
    const live = registry({ ...SELECTED, ipRules: ['192.0.2.0/25', '192.0.2.128/25'] });
    const wanted: PostureExpectation = { exposure: 'selected-networks', ipRules: ['192.0.2.0/24'] };
    expect(publicAccessDrift.run(given(live, undefined, wanted))).toEqual([]);
  });
});

test('what puts the rules back takes out the one that lets in too much, and lets in what it should', () => {
  const live = registry({ ...SELECTED, ipRules: ['192.0.2.0/23'] });
  const [hit] = publicAccessDrift.run(given(live, seen({ ...SELECTED, ipRules: ['192.0.2.0/24'] })));
  const on = `--name shop --subscription ${SUB}`;
  expect(hit?.reason).toContain('ipRules let in 192.0.2.0/23, other than expected');
  expect(hit?.fix).toContain(
    `Put it back: az acr network-rule remove ${on} --ip-address 192.0.2.0/23 && az acr network-rule add ${on} --ip-address 192.0.2.0/24;`,
  );
});

test.each<[string, PostureExpectation, Partial<Registry>, string[]]>([
  [
    'before the firewall, so that nobody is locked out',
    { ipRules: ['192.0.2.0/24'] },
    OPEN,
    ['network-rule add', '--ip-address 192.0.2.0/24', 'update', '--public-network-enabled true --default-action Deny'],
  ],
  [
    'after the tier that has them',
    { ipRules: ['192.0.2.0/24'] },
    { ...OPEN, sku: 'Basic' },
    [
      'update',
      '--sku Premium',
      'network-rule add',
      '--ip-address 192.0.2.0/24',
      'update',
      '--public-network-enabled true --default-action Deny',
    ],
  ],
  [
    'without the broadest, where nobody says which are meant',
    { exposure: 'selected-networks' },
    { ...OPEN, defaultAction: 'Deny', ipRules: ['192.0.2.0/24', '0.0.0.0/0'] },
    ['network-rule remove', '--ip-address 0.0.0.0/0', 'update', '--public-network-enabled true --default-action Deny'],
  ],
  [
    'and takes none of those that slept',
    { exposure: 'selected-networks' },
    { ipRules: ['203.0.113.0/24'] },
    ['update', '--public-network-enabled true --default-action Deny'],
  ],
  [
    'with export, which Azure asks for',
    { exposure: 'selected-networks' },
    { exportEnabled: false },
    ['update', '--public-network-enabled true --default-action Deny --allow-exports true'],
  ],
])('what makes a firewall puts the rules right: %s', (_what, wanted, now, commands) => {
  const [hit] = publicAccessDrift.run(given(registry({ exportEnabled: true, ...now }), undefined, wanted));
  const words = commands.map((word) => (word.startsWith('--') ? `--name shop --subscription ${SUB} ${word}` : word));
  const lines = words.flatMap((word, index) => (index % 2 === 0 ? [`az acr ${word} ${words[index + 1]}`] : []));
  expect(hit?.fix).toContain(`Put it back: ${lines.join(' && ')}; or`);
});

describe('what shuts the public door opens a private one first', () => {
  const endpoint = 'az network private-endpoint create --name pe-shop';
  const rules = { ...SELECTED, ipRules: ['192.0.2.0/24'] };
  const approved = { privateEndpointConnections: [connection()] };
  test.each<[string, PostureExpectation, Partial<Registry>, boolean]>([
    ['of a public registry', { exposure: 'private' }, OPEN, true],
    ['below Premium', { exposure: 'private' }, { ...OPEN, sku: 'Basic' }, true],
    ['of one with rules', { exposure: 'private' }, rules, true],
    ['when the last rule goes', { exposure: 'selected-networks', ipRules: [] }, rules, true],
    [
      'when the only rule is for everybody',
      { exposure: 'selected-networks' },
      { ...rules, exposure: 'public', ipRules: ['0.0.0.0/0'] },
      true,
    ],
    ['when a firewall comes without a rule', { exposure: 'selected-networks' }, OPEN, true],
    [
      'but not when one is left',
      { exposure: 'selected-networks' },
      { ...rules, exposure: 'public', ipRules: ['0.0.0.0/0', '192.0.2.0/24'] },
      false,
    ],
    ['nor where there is one', { exposure: 'private' }, { ...OPEN, ...approved }, false],
    ['nor where nobody comes in anyway', { exposure: 'private' }, SELECTED, false],
    ['nor where it stays open', { exposure: 'public' }, rules, false],
    ['nor where it stays shut', { exposure: 'private', adminUser: false }, { adminUserEnabled: true }, false],
  ])('%s', (_what, wanted, now, expected) => {
    const [hit] = publicAccessDrift.run(given(registry(now), undefined, wanted));
    const [first, second = ''] = (hit?.fix ?? '').split(' && ');
    const isBelow = now.sku === 'Basic';
    expect((isBelow ? second : first)?.includes(endpoint)).toBe(expected);
    expect(first?.endsWith('--sku Premium')).toBe(isBelow);
  });

  test('approving one that waits; the rest does not wait for it', () => {
    const privateEndpointConnections = [connection({ status: 'Pending' })];
    const live = registry({ ...OPEN, privateEndpointConnections, anonymousPullEnabled: true, exportEnabled: true });
    const [hit] = publicAccessDrift.run(given(live, seen({})));
    const update = `az acr update --name shop --subscription ${SUB}`;
    expect(hit?.fix).toContain(
      `Put it back: ${update} --anonymous-pull-enabled false && az acr private-endpoint-connection approve --registry-name shop --subscription ${SUB} --name shop.0123 && ${update} --public-network-enabled false --allow-exports false;`,
    );
  });
});

test('nothing is measured of a registry of which nothing is known', () => {
  expect(publicAccessDrift.run(given(registry(OPEN)))).toEqual([]);
});

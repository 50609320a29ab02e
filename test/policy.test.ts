import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, PolicyError, parsePolicy, policySchema } from '../src/policy.ts';

function problemsOf(text: string): string[] {
  try {
    parsePolicy(text, 'warden.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.message.split('\n');
  }
}

const shipped = readFileSync(new URL('../warden.yaml', import.meta.url), 'utf8');
/** Every option switched on: the one # in front of it taken away. */
const everything = shipped.replace(/^#(?! \S)(?=.)/gm, '');

describe('the shipped policy', () => {
  test('changes nothing', () => {
    expect(parsePolicy(shipped, 'warden.yaml')).toEqual(DEFAULT_POLICY);
  });

  test('has every option, and each holds when its # is taken away', () => {
    const { properties } = policySchema();
    const options = Object.keys(typeof properties === 'object' && properties !== null ? properties : {});
    const written = [...everything.matchAll(/^([a-zA-Z]+):/gm)].map(([, option]) => option);
    expect(written).toEqual(options);
    expect(problemsOf(everything)).toEqual([]);
  });

  test('what it shows as default is the default', () => {
    const { expiry, widestRange, profile, capacity, hygiene, probe } = parsePolicy(everything, 'warden.yaml');
    const { probe: own, ...base } = DEFAULT_POLICY;
    expect({ expiry, widestRange, profile, capacity, hygiene }).toEqual({
      expiry: base.expiry,
      widestRange: base.widestRange,
      profile: base.profile,
      capacity: base.capacity,
      hygiene: base.hygiene,
    });
    expect({ warnMs: probe.warnMs, failMs: probe.failMs }).toEqual({ warnMs: own.warnMs, failMs: own.failMs });
  });
});

test('the schema for editors takes what is read, and no more', () => {
  const blank = { type: 'string', pattern: '\\S' };
  expect(policySchema()).toMatchObject({
    properties: {
      profile: { type: ['string', 'null'], enum: ['auth', 'full', null] },
      scope: { type: ['object', 'null'], properties: { exclude: { properties: { tags: { minProperties: 1 } } } } },
      network: { type: ['array', 'null'], items: { properties: { registry: blank, expect: { minProperties: 1 } } } },
      vaults: { items: { properties: { url: { pattern: expect.stringContaining('[a-zA-Z0-9-]+') } } } },
    },
  });
  expect(problemsOf('profile:\nscope:\nnetwork:\nvaults: [{ url: HTTPS://KV1.VAULT.AZURE.NET/ }]')).toEqual([]);
});

test.each([
  ['an empty file', ''],
  ['only a comment', '# nothing'],
  ['an empty map', '{}'],
  ['an option with everything in it commented out', 'network:\n  #- { registry: shop }\nprofile: auth'],
])('%s is the default', (_, text) => {
  expect(parsePolicy(text, 'warden.yaml')).toEqual(DEFAULT_POLICY);
});

test('what is given stands beside the defaults', () => {
  const policy = parsePolicy(
    'expiry: { raiseAbove: 3 }\ncapacity: { warn: 60 }\nvaults: [{ url: https://kv1.vault.azure.net/ }]',
    'x',
  );
  expect(policy).toEqual({
    ...DEFAULT_POLICY,
    expiry: { ...DEFAULT_POLICY.expiry, raiseAbove: 3 },
    capacity: { warn: 60, critical: 90 },
    vaults: [
      {
        url: 'https://kv1.vault.azure.net',
        tags: {
          registry: 'acr-registry',
          token: 'acr-token',
          password: 'acr-password',
          applicationId: 'acr-application-id',
        },
      },
    ],
  });
});

test('rules are kept as networks, each once, in one order', () => {
  const rules = ['203.0.113.9/24', '203.0.113.5', '203.0.113.5/32', '2001:DB8::1/32', '10.0.0.0/8'];
  const { network } = parsePolicy(
    `network: [{ registry: a, expect: { ipRules: [${rules.map((rule) => `'${rule}'`)}] } }]`,
    'x',
  );
  expect(network).toEqual([
    { registry: 'a', expect: { ipRules: ['10.0.0.0/8', '2001:db8::/32', '203.0.113.0/24', '203.0.113.5/32'] } },
  ]);
});

test('a vault may stand there once for each set of tags', () => {
  const vaults =
    'vaults: [{ url: https://kv1.vault.azure.net, tags: { token: a } }, { url: https://kv1.vault.azure.net, tags: { token: b } }]';
  expect(problemsOf(vaults)).toEqual([]);
});

test('200 rules are read', () => {
  const rules = Array.from({ length: 200 }, (_, index) => `198.51.100.${index}`);
  const { network } = parsePolicy(`network: [{ registry: a, expect: { ipRules: [${rules}] } }]`, 'x');
  expect(network[0]?.expect.ipRules).toHaveLength(200);
});

describe('refused, with the place', () => {
  test.each<[string, string, string[]]>([
    ['an unknown option', 'profil: full', ["warden.yaml:1:1: profil: unknown key 'profil'"]],
    ['an unknown key inside', 'expiry:\n  raise: 3', ["warden.yaml:2:3: expiry.raise: unknown key 'raise'"]],
    [
      'an unknown check',
      'checks: { admin: off }',
      ["warden.yaml:1:11: checks.admin: there is no check 'admin'; acr-warden checks lists them"],
    ],
    [
      'no severity',
      'checks: { admin-account-enabled: bad }',
      ['warden.yaml:1:34: checks.admin-account-enabled: must be off or a severity'],
    ],
    [
      'a ladder that does not descend',
      'expiry:\n  ladder: { medium: 14, high: 14, critical: 3 }',
      [
        'warden.yaml:2:11: expiry.ladder: medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
      ],
    ],
    [
      'a ladder of one step',
      'expiry:\n  ladder: { medium: 60, high: }',
      [
        'warden.yaml:2:31: expiry.ladder.high: is empty: say what it is, or leave it out',
        'warden.yaml:2:11: expiry.ladder.critical: is missing',
        'warden.yaml:2:11: expiry.ladder: medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
      ],
    ],
    [
      'a rule without what it expects',
      'network:\n  - registry: shop',
      ['warden.yaml:2:5: network.0.expect: is missing'],
    ],
    [
      'what is empty inside an option',
      'scope:\n  exclude:\nexpiry: { ladder: }\nhygiene: { allowedRegions: }\nowners: { fallback: }',
      [
        'warden.yaml:2:11: scope.exclude: is empty: say what it is, or leave it out',
        'warden.yaml:3:19: expiry.ladder: is empty: say what it is, or leave it out',
        'warden.yaml:5:21: owners.fallback: is empty: say what it is, or leave it out',
        'warden.yaml:4:28: hygiene.allowedRegions: is empty: say what it is, or leave it out',
      ],
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffprofile: auth\r\n', 'utf16le').toString('utf8'),
      ['warden.yaml:1:1: is not in UTF-8 but in UTF-16, as Windows PowerShell writes it: save it as UTF-8'],
    ],
    [
      'an exception for no check',
      'exceptions:\n  - { check: x, registry: a, owner: o, reason: r, until: 2027-01-01 }',
      ["warden.yaml:2:14: exceptions.0.check: there is no check 'x'; acr-warden checks lists them"],
    ],
    [
      'an exception without owner, reason and end',
      'exceptions:\n  - { check: admin-account-enabled, registry: a }',
      [
        'warden.yaml:2:5: exceptions.0.owner: is missing',
        'warden.yaml:2:5: exceptions.0.reason: is missing',
        'warden.yaml:2:5: exceptions.0.until: is missing: the last day it holds',
      ],
    ],
    [
      'a day that is none',
      'exceptions: [{ check: admin-account-enabled, registry: a, owner: o, reason: r, until: 2027-02-30 }]',
      ['warden.yaml:1:87: exceptions.0.until: must be a day, as in 2027-03-31'],
    ],
    [
      'an exception twice',
      'exceptions:\n  - { check: admin-account-enabled, registry: a, owner: o, reason: r, until: 2027-01-01 }\n  - { check: admin-account-enabled, registry: A, owner: p, reason: s, until: 2027-02-01 }',
      [
        'warden.yaml:3:5: exceptions.1: is about the same as number 1 of this list, which comes first: write one of the two',
      ],
    ],
    [
      'bad CIDR',
      'network: [{ registry: a, expect: { ipRules: [203.0.113.0/33] } }]',
      [
        'warden.yaml:1:46: network.0.expect.ipRules.0: must be an address or a range in CIDR notation, as in 203.0.113.0/24',
      ],
    ],
    ...['office', 'x', '', '*', '10.0.0.0/8 '].map((rule): [string, string, string[]] => [
      `'${rule}' as a network, beside two that let everybody in`,
      `network: [{ registry: a, expect: { ipRules: ['${rule}', 0.0.0.0/1, 128.0.0.0/1] } }]`,
      [
        'warden.yaml:1:46: network.0.expect.ipRules.0: must be an address or a range in CIDR notation, as in 203.0.113.0/24',
        'warden.yaml:1:34: network.0.expect: ipRules that cover every address are no selected networks: expect exposure: public instead',
      ],
    ]),
    [
      'a rule for nobody',
      'network: [{ expect: { exposure: private } }]',
      [
        "warden.yaml:1:11: network.0: must say which registries it is about: registry, resourceGroup, subscription or tags; registry: '*' is all",
      ],
    ],
    [
      'a rule that expects nothing',
      'network: [{ registry: a, expect: {} }]',
      ['warden.yaml:1:34: network.0.expect: must expect something, as in { exposure: private }'],
    ],
    [
      'rules for a private registry',
      'network: [{ registry: a, expect: { exposure: private, ipRules: [1.2.3.4] } }]',
      [
        'warden.yaml:1:34: network.0.expect: ipRules contradict this exposure: Azure looks at them only where the exposure is selected-networks',
      ],
    ],
    [
      'rules that let everybody in',
      "network: [{ registry: a, expect: { ipRules: ['0.0.0.0/1', 128.0.0.0/1] } }]",
      [
        'warden.yaml:1:34: network.0.expect: ipRules that cover every address are no selected networks: expect exposure: public instead',
      ],
    ],
    [
      'an export policy that Azure refuses',
      'network: [{ registry: a, expect: { exposure: public, exportPolicy: disabled } }]',
      [
        'warden.yaml:1:34: network.0.expect: exportPolicy: disabled contradicts this exposure: Azure takes it only with exposure: private',
      ],
    ],
    [
      'two rules that contradict',
      "network:\n  - { registry: 'shop*', expect: { exposure: private } }\n  - { registry: 'SHOP*', expect: { exposure: public } }",
      [
        'warden.yaml:3:5: network.1: is about the same as number 1 of this list, which comes first: this rule never counts',
      ],
    ],
    [
      'both kinds of scope',
      `scope: { subscriptions: [${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}], managementGroups: [a] }`,
      ['warden.yaml:1:8: scope: takes subscriptions or managementGroups, not both'],
    ],
    [
      'a bare number as a name',
      'network: [{ registry: 12, expect: { exposure: private } }]',
      ['warden.yaml:1:23: network.0.registry: must be a text; put quotes around a bare number'],
    ],
    [
      'a warning after the failure',
      'probe: { warnMs: 9000 }',
      ['warden.yaml:1:8: probe: warnMs (default 1000) must be less than failMs (default 5000)'],
    ],
    [
      'steps in the wrong order',
      'capacity: { warn: 95 }',
      ['warden.yaml:1:11: capacity: warn (default 70) must be less than critical (default 90)'],
    ],
    [
      'a pattern that is none',
      "hygiene: { namePattern: '(' }",
      ['warden.yaml:1:25: hygiene.namePattern: must be a regular expression'],
    ],
    [
      'a vault twice',
      'vaults: [{ url: https://kv1.vault.azure.net }, { url: https://KV1.vault.azure.net/ }]',
      [
        'warden.yaml:1:48: vaults.1: is about the same as number 1 of this list, which comes first: write one of the two',
      ],
    ],
    [
      'no whole number',
      'expiry: { raiseAbove: 1.5 }',
      ['warden.yaml:1:23: expiry.raiseAbove: must be a whole number of registries'],
    ],
    [
      'a yes',
      'network: [{ registry: a, expect: { anonymousPull: yes } }]',
      ['warden.yaml:1:51: network.0.expect.anonymousPull: must be true or false'],
    ],
    [
      'a blank owner',
      "exceptions: [{ check: admin-account-enabled, registry: a, owner: ' ', reason: r, until: 2027-01-01 }]",
      ['warden.yaml:1:66: exceptions.0.owner: must not be empty'],
    ],
    [
      'keys that would break the line or move the cursor',
      'checks: { "admin\\naccount": low, "\\e[31mred": low }',
      [
        "warden.yaml:1:11: checks.admin account: there is no check 'admin account'; acr-warden checks lists them",
        "warden.yaml:1:34: checks. [31mred: there is no check ' [31mred'; acr-warden checks lists them",
      ],
    ],
    [
      'a vault over plain text',
      'vaults: [{ url: http://kv1.vault.azure.net }]',
      ['warden.yaml:1:17: vaults.0.url: must be the address of a vault, as in https://kv1.vault.azure.net'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    [
      'a key twice, of which the last is read',
      'profile: ful\nprofile: none\nchecks: { x: off }\nexceptions: [{ check: admin-account-enabled, registry: a, owner: o, reason: r }]',
      ['2:1: Map keys must be unique', '2:10: profile:', '3:11: checks.x:', '4:14: exceptions.0.until:'],
    ],
    ['a second document', 'profile: ful\n---\nprofile: none', ['2:1: begins a second document', '1:10: profile:']],
    [
      'one that says the same, and one that is wrong',
      `exceptions:
  - { check: admin-account-enabled, registry: a, owner: o, reason: r, until: 2027-01-01 }
  - { check: admin-account-enabled, registry: a, reason: r, until: 2027-02-01 }
  - { check: x, registry: a, owner: o, reason: r, until: 2027-02-01 }
vaults: [{ url: https://a.vault.azure.net }, { url: x }, { url: https://a.vault.azure.net }]`,
      [
        '3:5: exceptions.1.owner:',
        '4:14: exceptions.2.check:',
        '3:5: exceptions.1: is about the same',
        '5:53: vaults.1.url:',
        '5:58: vaults.2: is about',
      ],
    ],
    [
      'a rule that never counts, and one that is wrong',
      `network:
  - { registry: a, expect: { exposure: private } }
  - { registry: a, expect: { exposure: private } }
  - { registry: a }
  - { registry: b, expect: { exposure: privat } }`,
      [
        '4:5: network.2.expect: is missing',
        '5:40: network.3.expect.exposure:',
        '3:5: network.1: is about the same as number 1',
        '4:5: network.2: is about the same as number 1',
      ],
    ],
    [
      'what contradicts, beside what is wrong',
      `network:
  - { registry: a, expect: { exposure: private, ipRules: [10.0.0.0/8], bypass: no } }
  - { registry: b, expect: { ipRules: ['0.0.0.0/0', 5], adminUser: no } }
  - { registry: c, expect: { exportPolicy: disabled, exposure: public, adminUser: no } }`,
      [
        '2:80: network.0.expect.bypass:',
        '2:28: network.0.expect: ipRules contradict',
        '3:53: network.1.expect.ipRules.1:',
        '3:68: network.1.expect.adminUser:',
        '3:28: network.1.expect: ipRules that cover',
        '4:83: network.2.expect.adminUser:',
        '4:28: network.2.expect: exportPolicy: disabled contradicts',
      ],
    ],
    [
      'a key that objects have of their own',
      'checks:\n  __proto__: off\nscope: { exclude: { tags: { __proto__: a, env: b } } }\nprofile: ful',
      ["2:3: unknown key '__proto__'", "3:29: unknown key '__proto__'", '4:10: profile:'],
    ],
    [
      'aliases of aliases that grow without end',
      `vaults: &a [${'x,'.repeat(20)}]\nowners: &b [${'*a,'.repeat(20)}]\nprobe: [${'*b,'.repeat(20)}]`,
      ['2:13: Excessive alias count'],
    ],
  ])('together: %s', (_, text, expected) => {
    const begin = expected.map((problem) => expect.stringMatching(new RegExp(`^warden\\.yaml:${problem}`)));
    expect(problemsOf(text)).toEqual(begin);
  });

  test('what is no exposure contradicts nothing', () => {
    const expects = ['{ exposure: privat, ipRules: [10.0.0.0/8] }', '{ exposure: privat, exportPolicy: disabled }'];
    for (const each of expects) expect(problemsOf(`network: [{ registry: a, expect: ${each} }]`)).toHaveLength(1);
  });

  test.each([
    ['tabs', 'expiry:\n\traiseAbove: 3', 'warden.yaml:2:1'],
    ['a key twice', 'profile: auth\nprofile: full', 'warden.yaml:2:1'],
    ['two documents', 'profile: auth\n---\nprofile: full', 'warden.yaml:2:1'],
    ['an alias without an anchor', 'owners: *nobody', 'warden.yaml:1:9'],
  ])('%s', (_, text, place) => {
    const [first] = problemsOf(text);
    expect(first).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}`));
  });

  test('every problem at once', () => {
    const text =
      'profile: ful\nwidestRange: 64\nchecks: { x: off }\nnetwork: [{ expect: { exposure: open } }]\nsurprise: 1';
    expect(problemsOf(text).map((problem) => problem.split(' ')[1])).toEqual([
      'profile:',
      'network.0.expect.exposure:',
      'network.0:',
      'widestRange:',
      'checks.x:',
      'surprise:',
    ]);
  });
});

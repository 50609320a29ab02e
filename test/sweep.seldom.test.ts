import { describe, expect, test } from 'vitest';
import type { Wire } from '../simulator/estate.ts';
import { DAY, only, registryId } from './build.ts';
import { application, ends, GRAPH, labEstate, secret } from './reliability/estate.ts';
import { at, createLab } from './reliability/lab.ts';
import { estateOf, wireRegistry, wireToken } from './wire.ts';

describe('the usages of a registry are read again in the next hour', () => {
  const firewall = (...virtualNetworkRules: Wire[]) => ({
    networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules },
  });
  const before = firewall({ id: '/subscriptions/x/subnets/s', action: 'Allow' });
  const cases: [string, Wire | undefined, number][] = [
    ['not where nothing changed', undefined, 0],
    ['where something changed that is not watched', { properties: firewall() }, 1],
    ['not where a tag changed', { tags: { costCenter: '7' } }, 0],
  ];
  test.each(cases)('%s', async (_what, change, expected) => {
    const shop = wireRegistry('shop', { publicNetworkAccess: 'Enabled', ...before });
    const lab = await createLab({
      estate: estateOf([shop], { timeline: change ? [{ at: at(0, 30), merge: { id: shop.id, ...change } }] : [] }),
      policy: only('usage-near-limit'),
    });
    await lab.hour(0);
    lab.simulator.requests.length = 0;
    await lab.hour(1);
    expect(lab.simulator.requests.filter(({ path }) => /listUsages/.test(path))).toHaveLength(expected);
  });
});

describe('what a token may do is read again in the next hour', () => {
  const map = (verb: string) => ({
    id: `${registryId('shop')}/scopeMaps/till`,
    name: 'till',
    type: 'Microsoft.ContainerRegistry/registries/scopeMaps',
    properties: { type: 'UserDefined', actions: [`repositories/app/content/${verb}`] },
  });
  const cases: [string, number, string, string, string[]][] = [
    ['where it pages for more than its end: who narrows it ends the alert', 20, 'till', 'write', ['high', 'medium']],
    ['not where it reads only', 10, 'till', 'read', ['high', 'high']],
    ['not where it has expired, which is critical anyway', -1, 'till', 'write', ['critical', 'critical']],
    ['not where nobody can change it', 20, '_repositories_push', 'write', ['high', 'high']],
  ];
  test.each(cases)('%s', async (_what, endDays, scopeMap, verb, severities) => {
    const token = wireToken('shop', 'ci', [ends(endDays)], {
      scopeMapId: `${registryId('shop')}/scopeMaps/${scopeMap}`,
    });
    const lab = await createLab({
      estate: estateOf([wireRegistry('shop'), map(verb), token], { timeline: [{ at: at(0, 30), merge: map('read') }] }),
      policy: only('token-password-expiring', 'token-password-expired'),
    });
    await lab.hour(0);
    lab.simulator.requests.length = 0;
    await lab.hour(1);
    const asked = lab.simulator.requests.filter(({ path }) => /scopeMaps/.test(path)).length;
    const rows = lab.simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    const isRead = new Set(severities).size > 1;
    expect([asked, rows.map(({ Severity }) => Severity)]).toEqual([isRead ? 1 : 0, severities]);
  });
});

describe('federated credentials are read again in the next hour where they say whether somebody is paged', () => {
  type Robot = [endDays: number[], ...federated: string[]];
  const graph = ([endDays, ...federated]: Robot) => {
    const robot = application(
      1,
      endDays.map((days, index) => secret(`${index}`, days)),
    );
    const federatedIdentityCredentials = federated.map((name) => ({ id: name, name }));
    return { ...GRAPH, applications: [{ ...robot, federatedIdentityCredentials }] };
  };
  const LATER = 30 + 2700 / DAY;
  const cases: [string, Robot, Robot, string[]][] = [
    ['gone: without the secret nobody signs in', [[0.5], 'github'], [[0.5]], ['06 low', '07 critical']],
    ['there now: the secret never pages', [[LATER]], [[LATER], 'github'], ['07 low']],
    ['there now in the place of the last that worked', [[-5, 150]], [[-5], 'github'], ['07 low']],
  ];
  test.each(cases)('%s', async (_what, before, after, expected) => {
    const lab = await createLab({
      estate: { ...labEstate([{ at: at(0, 30), graph: graph(after) }]), graph: graph(before) },
      policy: only('principal-secret-expiring', 'principal-secret-expired'),
    });
    for (const n of [0, 1]) await lab.hour(n);
    const rows = lab.simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    expect(rows.map(({ SweptAt, Severity }) => `${String(SweptAt).slice(11, 13)} ${Severity}`)).toEqual(expected);
  });
});

describe('a secret that nobody needs does not page', () => {
  const robot = { ...application(1, [secret('1', 2)]), federatedIdentityCredentials: [{ id: 'f', name: 'github' }] };
  const estate = { ...labEstate([]), graph: { ...GRAPH, applications: [robot] } };
  test.each([
    ['the application', /applications/],
    ['the principal', /getByIds/],
    ['its roles', /roleAssignments/],
  ])('where one sweep cannot read %s, and the next one no federated credentials', async (_what, path) => {
    const lab = await createLab({ estate, policy: only('principal-secret-expiring') });
    await lab.hour(0);
    for (const [n, failing] of [path, /batch/].entries()) {
      lab.simulator.faults.add({ match: { path: failing }, effect: { kind: 'status', status: 503 } });
      await lab.hour(n + 1);
      lab.simulator.faults.clear();
    }
    const rows = lab.simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    expect(rows.map(({ Status, Severity }) => `${Status} ${Severity}`)).toEqual([
      'new low',
      'unverified low',
      'ongoing low',
    ]);
  });
});

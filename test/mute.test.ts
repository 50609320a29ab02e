import { describe, expect, test } from 'vitest';
import type { Exception } from '../src/model/policy.ts';
import { covers, withMutes } from '../src/mute.ts';
import { compared, finding, NOW, OTHER_SUB, registryId } from './build.ts';

const EXCEPTION: Exception = {
  check: 'admin-account-enabled',
  registry: 'shop',
  owner: 'ana@contoso.com',
  reason: 'vendor appliance',
  until: '2026-11-24',
};
const PARTNERS = `/subscriptions/${OTHER_SUB}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe`;
const UNREAD = { registryId: '', evidence: {} };
const MUTED = { reason: 'vendor appliance', owner: 'ana@contoso.com', until: '2026-11-25T00:00:00.000Z' };

test('an exception that ends on the last day of all years stands until then', () => {
  const [muted] = withMutes([compared()], { exceptions: [{ ...EXCEPTION, until: '9999-12-31' }] }, NOW);
  expect(muted?.muted?.until).toBe('9999-12-31T23:59:59.999Z');
});

describe('an exception covers', () => {
  test.each<[string, Partial<Exception>, Parameters<typeof finding>[0], boolean]>([
    ['its check on its registry', {}, {}, true],
    ['names without letter case', { registry: 'SHOP' }, {}, true],
    ['a pattern', { registry: 'sh*' }, {}, true],
    ['an id', { registry: registryId('shop') }, {}, true],
    ['not another check', { check: 'anonymous-pull-enabled' }, {}, false],
    ['not another registry', { registry: 'sho' }, {}, false],
    ['not the same name in another subscription, by id', { registry: registryId('shop', OTHER_SUB) }, {}, false],
    ['every subject when it names none', {}, { subject: 'ci/password1' }, true],
    ['its subject', { subject: 'ci/password1' }, { subject: 'ci/password1' }, true],
    ['subjects by a pattern', { subject: 'ci/*' }, { subject: 'ci/password2' }, true],
    ['not another subject', { subject: 'ci/password1' }, { subject: 'ci/password2' }, false],
    ['not a finding without subject', { subject: 'ci/password1' }, {}, false],
    [
      'a credential that opens only such registries',
      { registry: 'shop*' },
      { registryId: '', evidence: { registries: [registryId('shop'), registryId('shop2')] } },
      true,
    ],
    [
      'not one that opens another too',
      { registry: 'shop*' },
      { registryId: '', evidence: { registries: [registryId('shop'), registryId('web')] } },
      false,
    ],
    ['not what is about no registry', { registry: 'shop' }, { registryId: '', evidence: {} }, false],
    [
      'not all that cannot be read of it',
      { registry: PARTNERS },
      { ...UNREAD, resourceId: PARTNERS, subject: 'privateEndpoints' },
      false,
    ],
    [
      'what of it is named',
      { registry: PARTNERS, subject: 'privateEndpoints' },
      { ...UNREAD, resourceId: PARTNERS, subject: 'privateEndpoints' },
      true,
    ],
    [
      'what is about no registry, by its id',
      { registry: PARTNERS },
      { ...UNREAD, resourceId: PARTNERS.toUpperCase() },
      true,
    ],
    ['not another of its kind', { registry: PARTNERS }, { ...UNREAD, resourceId: `${PARTNERS}2` }, false],
    [
      'not a credential that opens registries, by the id of its holder',
      { registry: '/servicePrincipals/1' },
      { registryId: '', resourceId: '/servicePrincipals/1', evidence: { registries: [registryId('shop')] } },
      false,
    ],
    ['what is about no registry, by "every"', { registry: '*' }, { registryId: '', evidence: {} }, true],
  ])('%s', (_, exception, change, expected) => {
    expect(covers({ ...EXCEPTION, ...exception }, finding(change))).toBe(expected);
  });
});

describe('the end', () => {
  test.each([
    ['the day before', '2026-11-23T12:00:00.000Z', true],
    ['the last second', '2026-11-24T23:59:59.999Z', true],
    ['24:00', '2026-11-25T00:00:00.000Z', false],
    ['a second later', '2026-11-25T00:00:01.000Z', false],
  ])('%s', (_, now, isMuted) => {
    const [one] = withMutes([compared()], { exceptions: [EXCEPTION] }, now);
    expect(one).toEqual(isMuted ? { ...compared(), muted: MUTED } : compared());
  });
});

test('a mute of an earlier sweep does not outlive its exception', () => {
  expect(withMutes([compared({ muted: MUTED })], { exceptions: [] }, NOW)).toEqual([compared()]);
});

test('the first exception that covers it and holds is the one that is named', () => {
  const ended = { ...EXCEPTION, until: '2026-11-23', reason: 'ended' };
  const second = { ...EXCEPTION, registry: '*', reason: 'second' };
  const [one] = withMutes([compared()], { exceptions: [ended, EXCEPTION, second] }, NOW);
  expect(one?.muted).toEqual(MUTED);
});

test('no finding is lost, added or otherwise changed', () => {
  const all = [
    compared(),
    compared({ findingId: 'b', checkId: 'anonymous-pull-enabled' }),
    compared({ status: 'resolved' }),
  ];
  const muted = withMutes(all, { exceptions: [EXCEPTION] }, NOW);
  expect(muted.map(({ muted: _, ...rest }) => rest)).toEqual(all);
});

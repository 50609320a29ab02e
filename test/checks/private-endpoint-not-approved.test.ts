import { describe, expect, test } from 'vitest';
import { privateEndpointNotApproved } from '../../src/checks/private-endpoint-not-approved.ts';
import { input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId, told } from './told.ts';

const command = (verb: string): string =>
  `az acr private-endpoint-connection ${verb} --registry-name shop --subscription ${SUB} --name shop.0123`;

test.each([
  ['approved is silent', 'Approved', []],
  ['pending', 'Pending', [`${command('approve')}, or ${command('reject')}`]],
  ['rejected', 'Rejected', [command('delete')]],
  ['its endpoint is gone', 'Disconnected', [command('delete')]],
] as const)('%s', (_, status, fixes) => {
  const shop = registry({ privateEndpointConnections: [connection({ status })] });
  expect(privateEndpointNotApproved.run(input({ registries: [shop] }))).toEqual(
    fixes.map((fix) => ({
      resourceId: registryId('shop'),
      subject: 'pe-shop',
      reason: `The private endpoint pe-shop of shop is ${status}: nobody reaches the registry through it.`,
      evidence: { endpointId: endpointId('pe-shop'), status },
      fix,
    })),
  );
});

test('two endpoints of one name in two subscriptions stay two findings', () => {
  const there = endpointId('pe-shop', OTHER_SUB);
  const shop = registry({
    privateEndpointConnections: [
      connection({ status: 'Pending' }),
      connection({ endpointId: there, status: 'Rejected' }),
    ],
  });
  expect(told(privateEndpointNotApproved, { registries: [shop] })).toEqual([
    `shop [${endpointId('pe-shop')}] medium`,
    `shop [${there}] medium`,
  ]);
});

test('one that has lost its endpoint goes by its own name', () => {
  const shop = registry({ privateEndpointConnections: [{ name: 'shop.0123', status: 'Disconnected' }] });
  expect(privateEndpointNotApproved.run(input({ registries: [shop] }))).toMatchObject([
    { subject: 'shop.0123', evidence: { endpointId: null, status: 'Disconnected' }, fix: command('delete') },
  ]);
});

describe('an endpoint that was made anew', () => {
  const left = connection({ name: 'shop.old', status: 'Disconnected' });

  test('keeps its name beside the connection that it left behind', () => {
    const shop = registry({ privateEndpointConnections: [left, connection()] });
    expect(privateEndpointNotApproved.run(input({ registries: [shop] }))).toMatchObject([
      {
        subject: 'pe-shop',
        reason: 'The private endpoint pe-shop of shop is Disconnected: what is left beside an approved connection.',
      },
    ]);
  });

  test('is one finding with both connections while neither is approved', () => {
    const again = connection({ endpointId: endpointId('PE-shop'), status: 'Pending' });
    const shop = registry({ privateEndpointConnections: [left, again] });
    const of = (verb: string, name: string) => command(verb).replace('shop.0123', name);
    expect(privateEndpointNotApproved.run(input({ registries: [shop] }))).toEqual([
      {
        resourceId: registryId('shop'),
        subject: 'PE-shop',
        reason:
          'The private endpoint PE-shop of shop is Pending (connection shop.0123) and Disconnected (connection shop.old): nobody reaches the registry through it.',
        evidence: {
          endpointId: endpointId('PE-shop'),
          status: 'Pending',
          connections: [
            { name: 'shop.0123', status: 'Pending' },
            { name: 'shop.old', status: 'Disconnected' },
          ],
        },
        fix: `${command('approve')}, or ${command('reject')}; ${of('delete', 'shop.old')}`,
      },
    ]);
  });
});

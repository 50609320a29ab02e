import { describe, expect, test } from 'vitest';
import { coverOf, coversEverything, networkOf, networksOf } from '../src/network.ts';

describe('a text as a network', () => {
  test.each([
    ['203.0.113.5', '203.0.113.5/32'],
    ['203.0.113.5/32', '203.0.113.5/32'],
    ['203.0.113.9/24', '203.0.113.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['203.0.113.0/33', undefined],
    ['1.2.3.400', undefined],
    ['shop', undefined],
    ['', undefined],
    [12, undefined],
    [undefined, undefined],
  ])('%s', (text, network) => {
    expect(networkOf(text)).toBe(network);
  });
});

test('each once, in one order', () => {
  expect(networksOf(['203.0.113.0/24', '10.0.0.0/8', '203.0.113.0/24'])).toEqual(['10.0.0.0/8', '203.0.113.0/24']);
});

describe('everything', () => {
  test.each([
    [['0.0.0.0/0'], true],
    [['0.0.0.0/1', '128.0.0.0/1'], true],
    [['128.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2'], true],
    [['::/0'], true],
    [['0.0.0.0/1'], false],
    [['0.0.0.0/1', '128.0.0.0/2'], false],
    [[], false],
  ])('%j: %s', (networks, expected) => {
    expect(coversEverything(networks)).toBe(expected);
  });
});

describe('the rules that let in everybody are', () => {
  test.each([
    [['192.0.2.0/24', '0.0.0.0/1'], []],
    [['192.0.2.0/24', '0.0.0.0/0'], ['0.0.0.0/0']],
    [
      ['0.0.0.0/1', '128.0.0.0/1', '192.0.2.0/24'],
      ['0.0.0.0/1', '128.0.0.0/1'],
    ],
    [
      ['0.0.0.0/1', '128.0.0.0/1', '0.0.0.0/0'],
      ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'],
    ],
    [
      ['::/0', '0.0.0.0/0', '192.0.2.0/24'],
      ['::/0', '0.0.0.0/0'],
    ],
  ])('of %j: %j', (networks, expected) => {
    expect(coverOf(networks)).toEqual(expected);
  });
});

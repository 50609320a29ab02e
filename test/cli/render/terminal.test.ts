import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { inReadingOrder } from '../../../src/cli/render/document.ts';
import { counted, findingsTable, plain, screenOf } from '../../../src/cli/render/terminal.ts';
import { compared } from '../../build.ts';

const screen = { ...screenOf(process.stdout), columns: 120 };

test('nothing found', () => {
  expect(findingsTable([], screen)).toContain('Nothing found.');
  expect(findingsTable([], screen, false)).toBe('Nothing found in what could be read.\n');
});

test('a name cannot move the cursor or break the table', () => {
  const text = findingsTable([compared({ registryName: 'a\u001b[2Jb\tc', reason: 'x\u0007\u202ey' })], screen);
  expect(['\u001b[2J', '\t', '\u0007', '\u202e'].filter((bad) => text.includes(bad))).toEqual([]);
  expect(text).toContain('a [2Jb c');
});

test('what is in no registry stands under its own name, what is gone says why, and no line is padded', () => {
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-fabrikam';
  const text = findingsTable(
    [
      compared({
        registryName: '',
        subscriptionName: '',
        resourceId: id,
        status: 'resolved',
        statusReason: 'out-of-scope',
      }),
      compared({ registryName: '', subscriptionName: '', resourceId: '/' }),
    ],
    screen,
  );
  expect(text).toContain(' pe-fabrikam');
  expect(text).not.toContain('privateEndpoints');
  expect(text).toContain(' everywhere');
  expect(text).toMatch(/ resolved .*\n +out-of-scope /);
  expect(text).not.toMatch(/ $/m);
});

test.each([
  [99, false],
  [100, true],
])('in %d columns it says whose it is: %s', (columns, expected) => {
  const text = findingsTable([compared({ reason: 'Bad.', owners: ['ana@contoso.com'] })], { ...screen, columns });
  expect(/Bad\. Owned by\s+ana@contoso\.com\./.test(text)).toBe(expected);
});

test.each([60, 80, 99, 100, 140])('in %d columns no line is longer, and no check is cut', (columns) => {
  const text = findingsTable(
    [compared({ checkId: 'public-network-access-enabled', reason: 'word '.repeat(60), registryName: 'r'.repeat(50) })],
    { ...screen, columns },
  );
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(columns);
  expect(text).toContain(' public-network-access-enabled');
});

test.each([
  [20, 40],
  [40, 40],
  [79, 79],
  [140, 140],
  [0, 120],
  [undefined, 120],
])('a window of %s columns gets lines of %d', (columns, expected) => {
  const stream: NodeJS.WriteStream = Object.create(process.stdout, {
    isTTY: { value: true },
    columns: { value: columns },
  });
  const text = findingsTable([compared({ reason: 'word '.repeat(60) })], screenOf(stream));
  expect(Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length))).toBe(expected);
});

test.each([
  [0, '0 reads'],
  [1, '1 read'],
  [2, '2 reads'],
])('%d is counted as %s', (count, expected) => {
  expect(counted(count, 'read')).toBe(expected);
});

test.each([
  ['a\u001bb', 'a b'],
  ['a\tb\rc', 'a b c'],
  ['a name of two lines passes for no line of ours\nb', 'a name of two lines passes for no line of ours b'],
  ['日本 é', '日本 é'],
])('plain %j', (text, expected) => {
  expect(plain(text)).toBe(expected);
});

describe('reading order', () => {
  test('worst first, then what is new, then by place', () => {
    const all = [
      compared({ findingId: '1', severity: 'low', status: 'new' }),
      compared({ findingId: '2', severity: 'critical', status: 'ongoing', registryName: 'b' }),
      compared({ findingId: '3', severity: 'critical', status: 'ongoing', registryName: 'a' }),
      compared({ findingId: '4', severity: 'critical', status: 'new', registryName: 'z' }),
    ];
    expect(inReadingOrder(all).map(({ findingId }) => findingId)).toEqual(['4', '3', '2', '1']);
    expect(inReadingOrder([...all].reverse()).map(({ findingId }) => findingId)).toEqual(['4', '3', '2', '1']);
  });
});

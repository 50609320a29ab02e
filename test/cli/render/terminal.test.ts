import { describe, expect, test } from 'vitest';
import { inReadingOrder } from '../../../src/cli/render/document.ts';
import { findingsTable, plain, screenOf } from '../../../src/cli/render/terminal.ts';
import { compared } from '../../build.ts';

const screen = { ...screenOf(process.stdout), columns: 120 };

test('nothing found', () => {
  expect(findingsTable([], screen)).toContain('Nothing found.');
});

test('a name cannot move the cursor or break the table', () => {
  const text = findingsTable([compared({ registryName: 'a\u001b[2Jb\tc', reason: 'x\u0007\u202ey' })], screen);
  expect(['\u001b[2J', '\t', '\u0007', '\u202e'].filter((bad) => text.includes(bad))).toEqual([]);
  expect(text).toContain('a [2Jb c');
});

test.each([
  ['a\u001bb', 'a b'],
  ['a\tb\rc', 'a b c'],
  ['a\nb', 'a\nb'],
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

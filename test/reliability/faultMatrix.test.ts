import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MATRIX } from './matrix.ts';
import { reliabilityPage, type Tried } from './page.ts';

const PAGE = join(import.meta.dirname, '../../docs/reliability.md');
const tried: Tried[] = [];

describe.each([...new Set(MATRIX.map(({ area }) => area))])('%s', (area) => {
  test.each(MATRIX.filter((cell) => cell.area === area))('$name', async (cell) => {
    const outcome = await cell.run();
    tried.push({ cell, outcome });
    const { during, after } = outcome;
    const { stuck, ...damage } = after;
    expect({ during, after: damage, remains: stuck.length > 0 }).toEqual({
      during: { lost: [], falselyResolved: [], stuck: [] },
      after: { lost: [], falselyResolved: [] },
      remains: cell.remains !== undefined,
    });
  });
});

test('no two faults have one name', () => {
  const names = MATRIX.map(({ area, name }) => `${area}: ${name}`);
  expect(names).toEqual([...new Set(names)]);
});

test('docs/reliability.md says what came of it; node reliability.ts renews it', async () => {
  // With a filter on the command line there is nothing to compare.
  if (tried.length < MATRIX.length) return;
  expect(await readFile(PAGE, 'utf8')).toBe(reliabilityPage(tried));
});

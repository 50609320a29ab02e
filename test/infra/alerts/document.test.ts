import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployedAlerts } from '../../../simulator/index.ts';
import { alertsPage, fingerprint, mutationOf } from './document.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'alerts.md'), 'utf8');
const { rules } = deployedAlerts();

test('docs/alerts.md is what the template and the stories make', () => {
  expect(page).toBe(alertsPage(rules, mutationOf(page)));
});

test('the mutation test was run on these queries and stories, and found enough', () => {
  const section = mutationOf(page);
  expect(section).toContain(fingerprint(rules));
  const [, noticed, all] = /\*\*(\d+) of (\d+)\*\*/.exec(section) ?? [];
  expect(Number(noticed) / Number(all)).toBeGreaterThanOrEqual(0.9);
  expect(section).not.toContain('none yet');
});

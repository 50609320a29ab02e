import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployedAlerts } from '../../../simulator/index.ts';
import { alertsPage, fingerprint, mutationOf } from './document.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const page = readFileSync(join(docs, 'alerts.md'), 'utf8');
const runbook = readFileSync(join(docs, 'runbook.md'), 'utf8');
const { rules } = deployedAlerts();

test('docs/alerts.md is what the template and the stories make', () => {
  expect(page).toBe(alertsPage(rules, mutationOf(page)));
});

test.each([
  ...rules.map(({ name }) => name),
  ...[...page.matchAll(/^\| `([a-z-]+?)[0-9…-]*`.*(?:activity log|Health|metric)/gm)].map(([, name]) => String(name)),
])('the runbook has %s', (name) => {
  expect(runbook).toContain(name);
});

test('the mutation test was run on these queries and stories, and found enough', () => {
  const section = mutationOf(page);
  expect(section).toContain(fingerprint(rules));
  const [, noticed, all] = /\*\*(\d+) of (\d+)\*\*/.exec(section) ?? [];
  expect(Number(noticed) / Number(all)).toBeGreaterThanOrEqual(0.9);
  expect(section).not.toContain('none yet');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { infra } from './template.ts';

const page = readFileSync(join(infra, '..', 'docs', 'operations.md'), 'utf8');

function parameters(name: string): Map<string, string> {
  const text = readFileSync(join(infra, 'env', `${name}.bicepparam`), 'utf8');
  const values = text.matchAll(/^param (\w+) = ('?)([^\s'[{]+)\2$/gm);
  return new Map([...values].map(([, parameter = '', , value = '']) => [parameter, value]));
}

function spoken(value: string): string {
  return value === 'true' ? 'yes' : value === 'false' ? 'no' : value;
}

/** The cells of the page's table, in its own order, with what the parameter files say. */
function expectedRow(names: string[], separator: string): string {
  const cell = (environment: string) =>
    names.map((name) => spoken(parameters(environment).get(name) ?? `no ${name}`)).join(separator);
  return `| ${names.map((name) => `\`${name}\``).join(separator)} | ${cell('dev')} | ${cell('prod')} |`;
}

test.each([
  { names: ['sweepIntervalHours'], separator: '' },
  { names: ['retentionDays', 'totalRetentionDays'], separator: ' / ' },
  { names: ['maximumInstances', 'instanceMemoryMB'], separator: ', ' },
  { names: ['teams', 'vaultPurgeProtection'], separator: ', ' },
])('docs/operations.md says what dev and prod are set to: $names', ({ names, separator }) => {
  expect(page).toContain(expectedRow(names, separator));
});

test('dev and prod differ where environments differ', () => {
  const dev = parameters('dev');
  const prod = parameters('prod');
  const same = [...dev.keys()].filter((name) => dev.get(name) === prod.get(name)).sort();
  expect([...dev.keys()].sort()).toEqual([...prod.keys()].sort());
  expect(same).toEqual(['location', 'retentionDays']);
});

test('every option of deploy.sh is told in its usage', () => {
  const script = readFileSync(join(infra, 'deploy.sh'), 'utf8');
  const usage = script.slice(script.indexOf('usage:'), script.indexOf('\nTEXT'));
  const options = [...script.matchAll(/^ {4}((?:--[\w-]+(?: \| )?)+)\)/gm)].flatMap(([, names = '']) =>
    names.split(' | '),
  );
  expect(options).toEqual([
    '--what-if',
    '--destroy',
    '--yes',
    '--drop-columns',
    '--shorten-retention',
    '--subscription',
    '--policy',
  ]);
  expect(options.filter((option) => !usage.includes(option))).toEqual([]);
});

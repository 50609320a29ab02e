import { expect, test } from 'vitest';
import { run } from './run.ts';

const report = (registry: string, estate: string) => run(['report', '--registry', registry, '--simulator', estate]);

test('what is open at a registry, though it is about several', async () => {
  const { code, stdout } = await report('contosoaccounts', 'blast');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# Service principal secret expires soon\n/);
  expect(stdout).toContain('\n- contosoaccounts\n');
});

test.each(['contosoapp', 'contosoapp.azurecr.io'])('nothing, where that is known of %s', async (name) => {
  const { code, stdout } = await report(name, 'quiet');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# Nothing is open at contosoapp\n/);
});

test('that one is not known is no all-clear', async () => {
  const { code, stdout, stderr } = await report('contosolocked', 'forbidden');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('no sweep of the last two days has seen a registry contosolocked: ');
  expect(stderr).toContain('cannot read the container registries of subscription');
});

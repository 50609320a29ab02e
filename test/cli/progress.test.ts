import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const WAITING = `
import { progress } from '${new URL('../../src/cli/progress.ts', import.meta.url)}';
progress().listeners.onPlan({ subscriptions: [] });
setInterval(() => undefined, 1000);
`;

test('Ctrl+C while shards are swept ends it with the code that shells have for that', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', WAITING]);
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
});

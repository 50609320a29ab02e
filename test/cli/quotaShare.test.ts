import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { accessCommand } from '../../src/cli/access.ts';
import { initCommand } from '../../src/cli/init.ts';
import { preflightCommand } from '../../src/cli/preflight.ts';
import { PERSONAL_SHARE, quotaShareOf } from '../../src/cli/quotaShare.ts';
import { azureSession } from '../../src/cli/session.ts';
import { sweepCommand } from '../../src/cli/sweep.ts';
import { run } from './run.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['1', 1],
  ['100%', 1],
  ['0.8', 0.8],
  ['80%', 0.8],
  ['.5', PERSONAL_SHARE],
  ['0.5%', 0.005],
])('%s is a share', (text, share) => {
  expect(quotaShareOf(text)).toBe(share);
});

test.each(['0', '0%', '1.1', '101%', '-0.5', '50', '5e-1', '0,5', 'half', ' ', ''])('%j is none', (text) => {
  expect(() => quotaShareOf(text)).toThrow('It must be more than 0 and at most 1, as in 0.8 or 80%.');
});

describe('of the quotas', () => {
  /** How long it takes to list subscriptions so often, milliseconds: ARM bears 250 reads at once, then 25 a second. */
  async function took(times: number, share?: number): Promise<number> {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end('{"value":[]}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    vi.stubEnv('SIMULATOR_URL', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    try {
      const { subscriptions } = azureSession(share).connect().subscriptions;
      const start = performance.now();
      for (let n = 0; n < times; n++) await subscriptions.list().next();
      return performance.now() - start;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test('no more is used than was asked for', async () => {
    // Five at once, and the next after two seconds.
    expect(await took(6, 0.02)).toBeGreaterThan(1900);
  });

  test('half is used, if nothing is asked for', async () => {
    // 125 at once, and the others after 80 ms each.
    expect(await took(140)).toBeGreaterThan(1100);
  });
});

test('every command that reads much of Azure takes it, and none of an estate', async () => {
  for (const command of [sweepCommand(), initCommand(), accessCommand(), preflightCommand()])
    expect(command.helpInformation()).toContain('--quota-share <share>');
  const { code, stderr } = await run(['access', 'shop', '--simulator', 'guide', '--quota-share', '80%']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("'--quota-share <share>' cannot be used with option '--simulator <name|file>'"),
  });
});

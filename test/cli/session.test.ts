import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { estateOf, wireRegistry } from '../wire.ts';

test('a simulated estate whose registries cost more than a bucket of requests is swept without being throttled', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-'));
  const file = join(folder, 'many.json');
  const registries = Array.from({ length: 60 }, (_, index) => wireRegistry(`shop${index}`));
  try {
    await writeFile(file, JSON.stringify(estateOf(registries)));
    const session = await simulatedSession(file);
    const sweptAt = session.clock().toISOString();
    const swept = await sweepAll(session, { policy: DEFAULT_POLICY, store: memoryStore(), publish: false, sweptAt });
    const reports = swept.shards.map(({ report }) => report);
    expect(Math.max(...reports.map(({ requests }) => requests))).toBeGreaterThan(250);
    expect(reports.map(({ throttled, gaps }) => ({ throttled, gaps }))).toEqual(
      reports.map(() => ({ throttled: 0, gaps: [] })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

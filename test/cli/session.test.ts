import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { createSimulator } from '../../simulator/index.ts';
import { connect } from '../../src/azure.ts';
import { type Session, simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { NOW } from '../build.ts';
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

/** Azure itself, an hour behind the clock of this machine. */
function hourBehind(): Session {
  const { httpClient, credential, now } = createSimulator({ estate: estateOf([wireRegistry('shop')]) });
  const dated: HttpClient = {
    async sendRequest(request) {
      const response = await httpClient.sendRequest(request);
      response.headers.set('date', now().toUTCString());
      return response;
    },
  };
  const clock = (): Date => new Date(Date.parse(NOW) + 3_600_000);
  const own = { credential, httpClient: dated };
  return { connect: () => connect(own), credential, environment: 'test', clock, standIn: false };
}

test.each([
  ['a sweep that only looks is not told', false, undefined],
  ['one whose state is kept is refused', true, 'the clock of this machine is 3600 s ahead of Azure'],
])('a wrong clock: %s', async (_what, isLasting, refusal) => {
  const session = hourBehind();
  const sweptAt = session.clock().toISOString();
  const store = memoryStore();
  const swept = sweepAll(session, { policy: DEFAULT_POLICY, store, isLasting, publish: false, sweptAt });
  const said = await swept.then(
    ({ failed }) => failed,
    (error: Error) => error.message,
  );
  expect(said).toEqual(refusal === undefined ? [] : expect.stringContaining(refusal));
});

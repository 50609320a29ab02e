import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../src/cli/render/document.ts';
import { htmlReport } from '../src/cli/render/html.ts';
import { findingsTable, screenOf, summary } from '../src/cli/render/terminal.ts';
import { type Session, simulatedSession } from '../src/cli/session.ts';
import { sweepAll, type WholeSweep } from '../src/cli/sweepAll.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';
import type { Store } from '../src/state/store.ts';

const ESTATES = join(import.meta.dirname, '../simulator/estates');
const NAMES = ['guide', 'quiet', 'quiet-every-sku', 'forbidden', 'forbidden-directory', 'blast'];

interface Swept {
  session: Session;
  store: Store;
  sweeps: WholeSweep[];
  /** the fields of answers that carried a planted secret to us, and the headers of our requests that had one */
  planted: Set<string>;
}

/** Everything judged, and hygiene too: the policy beside the estate where there is one. */
function policyOf(name: string): Policy {
  const file = join(ESTATES, `${name}.warden.yaml`);
  const policy = existsSync(file) ? parsePolicy(readFileSync(file, 'utf8'), file) : DEFAULT_POLICY;
  return { ...policy, profile: 'full' };
}

/** Two sweeps of an estate, an hour apart, with all rows sent. */
async function swept(name: string): Promise<Swept> {
  const session = await simulatedSession(name);
  const { simulator } = session;
  if (!simulator) throw new Error('the session is not simulated');
  const { sendRequest } = simulator.httpClient;
  const planted = new Set<string>();
  simulator.httpClient.sendRequest = async (request) => {
    for (const [name, value] of request.headers) if (value.includes('PLANTED')) planted.add(name);
    const response = await sendRequest(request);
    for (const [, field = ''] of (response.bodyAsText ?? '').matchAll(/"(\w+)":\s*"[^"]*PLANTED/g)) planted.add(field);
    return response;
  };
  const store = memoryStore();
  const sweeps: WholeSweep[] = [];
  for (const hours of [0, 2]) {
    const at = new Date(simulator.now().getTime() + hours * 3_600_000).toISOString();
    simulator.advanceTo(at);
    sweeps.push(await sweepAll(session, { policy: policyOf(name), store, publish: true, sweptAt: at }));
  }
  return { session, store, sweeps, planted };
}

/** Every text that leaves a sweep, by where it goes. */
async function textsOf({ session, store, sweeps }: Swept): Promise<Record<string, string>> {
  const texts: Record<string, string> = { rows: JSON.stringify(session.simulator?.workspace.tables) };
  for (const name of await store.list('')) texts[`state ${name}`] = (await store.read(name))?.text ?? '';
  for (const [number, sweep] of sweeps.entries()) {
    const document = documentOf(sweep, 'test');
    const findings = sweep.shards.flatMap((shard) => shard.findings);
    texts[`json ${number}`] = JSON.stringify(document);
    texts[`page ${number}`] = htmlReport(document);
    texts[`table ${number}`] = findingsTable(findings, screenOf(process.stdout));
    texts[`summary ${number}`] = summary(sweep, screenOf(process.stderr));
  }
  return texts;
}

describe.each(NAMES)('estate %s', (name) => {
  let result: Promise<Swept> | undefined;
  const once = (): Promise<Swept> => {
    result ??= swept(name);
    return result;
  };

  test('no planted secret leaves a sweep', async () => {
    const texts = await textsOf(await once());
    expect(
      Object.entries(texts)
        .filter(([, text]) => text === '' || text.includes('PLANTED'))
        .map(([where]) => where),
    ).toEqual([]);
  });

  test('every shard is swept, and each finding of a sweep is one row', async () => {
    const { session, sweeps } = await once();
    expect(sweeps.flatMap(({ failed }) => failed)).toEqual([]);
    const keys = (session.simulator?.workspace.tables.AcrWardenFindings_CL ?? []).map(
      ({ SweepId, FindingId, CheckId, ResourceId, Subject }) =>
        [SweepId, FindingId, CheckId, ResourceId, Subject].join(' '),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('the rows are what the tables take', async () => {
    expect((await once()).session.simulator?.defects).toEqual([]);
  });
});

test('each kind of planted secret does come over the wire, and every token is one', async () => {
  const { planted } = await swept('guide');
  expect([...planted].sort()).toEqual(['Authorization', 'encodedPemCertificate', 'hint', 'secretText', 'value']);
});

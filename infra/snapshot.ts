import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

const run = promisify(execFile);

/** Nobody's subscription and tenant: a snapshot must not depend on who makes it. */
const subscription = '11111111-1111-1111-1111-111111111111';
const tenant = '22222222-2222-2222-2222-222222222222';

/** What `bicep snapshot` writes, as far as it is looked at here. */
type Snapshot = { predictedResources: { id: string }[]; diagnostics: unknown[]; outputs: Record<string, unknown> };

/** Bicep writes the outputs in an order that changes from run to run, so everything with a name is sorted by it. */
function snapshotText(snapshot: Snapshot): string {
  const outputs = Object.fromEntries(Object.entries(snapshot.outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const predictedResources = snapshot.predictedResources.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return stringify({ ...snapshot, predictedResources, outputs }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * What Azure would be asked to create for one environment, expanded by Bicep itself, as YAML that a reviewer can read.
 * `parameters` is the text of a bicepparam file that stands in `infra/env`. Throws with what the compiler said.
 */
export async function snapshotOf(bicep: string, infra: string, parameters: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-'));
  try {
    // Bicep writes beside the parameters, so it works on a copy.
    await cp(infra, folder, { recursive: true, filter: (path) => !path.endsWith('main.json') });
    const file = join(folder, 'env', 'environment.bicepparam');
    await writeFile(file, parameters);
    const { stderr } = await run(
      bicep,
      ['snapshot', file, '--mode', 'overwrite', '--subscription-id', subscription, '--tenant-id', tenant],
      { env: { ...process.env, ACR_WARDEN_RECEIVER_KEY: '' } },
    );
    if (/\b(Warning|Error)\b/.test(stderr)) throw new Error(`no snapshot without a warning:\n${stderr}`);
    const text = await readFile(join(folder, 'env', 'environment.snapshot.json'), 'utf8');
    return snapshotText(JSON.parse(text));
  } finally {
    await rm(folder, { recursive: true });
  }
}

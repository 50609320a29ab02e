import { isRestError } from '@azure/core-rest-pipeline';
import { messages } from '../causes.ts';
import { giveIdentity } from '../model/command.ts';
import { rowsAside, spooled } from '../state/spool.ts';
import type { Store } from '../state/store.ts';
import { type Examined, named } from './examined.ts';

/**
 * Whether the state can be written, read, listed and cleaned up: by a probe of its own, which is gone afterwards. Also how
 * much of the spool waits. `probe`: a name that nobody else uses.
 */
export async function examineState(store: Store, probe: string, principalId: string | undefined): Promise<Examined[]> {
  const base = { area: 'state', scope: store.place, what: 'state' } as const;
  try {
    await written(store, `preflight/${probe}.json`);
  } catch (error) {
    const refused = isRefused(error);
    const fix = fixOf(store.place, principalId);
    return [{ ...base, verdict: refused ? 'wrong' : 'unknown', detail: messages(error), ...(refused && { fix }) }];
  }
  return [{ ...base, verdict: 'ok', detail: 'written, read, listed and removed' }, await waiting(store)];
}

async function written(store: Store, name: string): Promise<void> {
  const text = '{"version":1}';
  await store.write(name, text);
  try {
    const names = await store.list('preflight/');
    const stored = await store.read(name);
    if (stored?.text !== text || !names.includes(name)) {
      throw new Error(`${name} in ${store.place} was written and did not come back`);
    }
  } finally {
    await store.remove(name);
  }
}

async function waiting(store: Store): Promise<Examined> {
  const base = { area: 'state', scope: store.place, what: 'spool of undelivered rows' } as const;
  try {
    const [batches, refused] = [(await spooled(store)).length, await rowsAside(store)];
    if (refused > 0) {
      const detail = `${refused} rows were refused for good and lie under refused/`;
      return { ...base, verdict: 'wrong', detail, fix: 'Read the reason in each file under refused/, then remove it' };
    }
    const waits = batches === 1 ? '1 batch waits' : `${batches} batches wait`;
    return { ...base, verdict: 'ok', detail: batches === 0 ? 'empty' : `${waits} for the next delivery` };
  } catch (error) {
    return { ...base, verdict: 'wrong', detail: messages(error) };
  }
}

function isRefused(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (isRestError(at)) return at.statusCode === 403;
    if ('code' in at && (at.code === 'EACCES' || at.code === 'EPERM' || at.code === 'EROFS')) return true;
  }
  return false;
}

function fixOf(place: string, principalId: string | undefined): string {
  const [, account, container] = /^https:\/\/([^./]+)\.blob\.[^/]+\/([^/?]+)/i.exec(place) ?? [];
  if (!account || !container) return `Give this account the right to write in ${place}`;
  const scope = `$(az storage account show --name ${account} --query id --output tsv)/blobServices/default/containers/${container}`;
  return giveIdentity(named(principalId), '"Storage Blob Data Contributor"', `"${scope}"`);
}

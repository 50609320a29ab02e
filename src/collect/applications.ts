import type { Azure } from '../azure.ts';
import type { Application } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt, gapFrom } from './attempt.ts';
import { readSecrets } from './directorySecrets.ts';
import { graphPages } from './graph.ts';
import { graphBatch, isMissing } from './graphBatch.ts';
import { identity } from './identity.ts';

/** Graph's largest page of applications. */
const PAGE = 999;

/**
 * The applications of some service principals, with their credentials' dates, one by one to `take`. `holders`: application
 * id in lower case → object id of its service principal.
 */
export async function readApplications(
  azure: Azure,
  holders: ReadonlyMap<string, string>,
  gaps: Gap[],
  take: (application: Application, holder: string) => void,
): Promise<void> {
  if (holders.size === 0) return;
  const leftOut = new Map(holders);
  // Credentials cannot be filtered on, and asking app by app would meet Graph's limit of 150 a minute for
  // keyCredentials: facts §2. So all are listed in the largest pages.
  const select = 'id,appId,displayName,passwordCredentials,keyCredentials';
  const isWhole = await attempt(gaps, 'applications', '/', async () => {
    for await (const wire of graphPages(azure, `/v1.0/applications?$select=${select}&$top=${PAGE}`)) {
      const { id, appId, displayName } = identity(wire, 'an application');
      const holder = holders.get(appId.toLowerCase());
      if (!holder) continue;
      const read = { source: 'applications', holder, of: `application ${displayName}` } as const;
      const secrets = await readSecrets(wire, read, gaps);
      take({ id, appId, displayName, secrets }, holder);
      leftOut.delete(appId.toLowerCase());
    }
    return true;
  });
  if (isWhole) await confirmLeftOut(azure, leftOut, gaps);
}

/**
 * An application may be deleted, or never have been (servicePrincipalType Legacy), while its service principal lives on. The
 * list does not prove that: only a 404 of the application itself does.
 */
async function confirmLeftOut(azure: Azure, leftOut: ReadonlyMap<string, string>, gaps: Gap[]): Promise<void> {
  const appIds = [...leftOut.keys()];
  const answers = await graphBatch(
    azure,
    appIds.map((appId) => ({ path: `/applications(appId='${appId}')?$select=id` })),
  );
  for (const [index, appId] of appIds.entries()) {
    const answer = answers[index];
    if (isMissing(answer)) continue;
    const scope = `/servicePrincipals/${leftOut.get(appId)}`;
    if (answer && 'error' in answer) {
      gaps.push(gapFrom(answer.error, 'applications', scope));
      continue;
    }
    const reason = `cannot read the application ${appId}: the list of applications leaves it out, and it is there when it is asked for`;
    gaps.push({ source: 'applications', scope, code: 'Contradiction', reason });
  }
}

import type { Azure } from '../azure.ts';
import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { readSecrets } from './directorySecrets.ts';
import { graphPages } from './graph.ts';
import { identity } from './identity.ts';

/** Graph's largest page of applications. */
const PAGE = 999;

/** The applications behind these service principals, with their credentials' dates. */
export async function readApplications(azure: Azure, principals: ServicePrincipal[], gaps: Gap[]) {
  const applications: Application[] = [];
  const holders = new Map(principals.map((principal) => [principal.appId.toLowerCase(), principal.id]));
  if (holders.size === 0) return applications;
  // Credentials cannot be filtered on, and asking app by app would meet Graph's limit of 150 a minute for
  // keyCredentials: facts §2. So all are listed in the largest pages.
  const select = 'id,appId,displayName,passwordCredentials,keyCredentials';
  await attempt(gaps, 'applications', '/', async () => {
    for await (const wire of graphPages(azure, `/v1.0/applications?$select=${select}&$top=${PAGE}`)) {
      const { id, appId, displayName } = identity(wire, 'an application');
      const holder = holders.get(appId.toLowerCase());
      if (!holder) continue;
      const read = { source: 'applications', holder, of: `application ${displayName}` } as const;
      const secrets = await readSecrets(wire, read, gaps);
      applications.push({ id, appId, displayName, secrets });
    }
  });
  return applications;
}

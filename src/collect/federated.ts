import type { Azure } from '../azure.ts';
import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { graphBatch, listed } from './graphBatch.ts';
import type { Seldom } from './seldom.ts';

/**
 * Gives each application that has secrets, or another number of them that is wanted, the names of its federated credentials.
 * Twenty a request, and once a day.
 */
export async function readFederated(
  azure: Azure,
  principals: ServicePrincipal[],
  applications: Application[],
  memory: Seldom,
  gaps: Gap[],
  // Where there is no secret there is nothing that a federated credential could make needless.
  isWanted = (secrets: number): boolean => secrets > 0,
): Promise<void> {
  const holders = new Map(principals.map((principal) => [principal.appId.toLowerCase(), principal]));
  const scopeOf = ({ appId }: Application): string => `/servicePrincipals/${holders.get(appId.toLowerCase())?.id}`;
  const factOf = (application: Application) => ({
    source: 'federatedCredentials' as const,
    registry: { id: scopeOf(application) },
  });
  const asked: Application[] = [];
  for (const application of applications) {
    const secrets = application.secrets.length + (holders.get(application.appId.toLowerCase())?.secrets.length ?? 0);
    if (!isWanted(secrets)) continue;
    const known = memory.known<string[]>(factOf(application));
    if (known) application.federated = known.value;
    else asked.push(application);
  }
  const answers = await graphBatch(
    azure,
    asked.map(({ id }) => ({ path: `/applications/${id}/federatedIdentityCredentials` })),
  );
  for (const [index, application] of asked.entries()) {
    const read = async () => listed(answers[index]).items;
    const items = await attempt(gaps, 'federatedCredentials', scopeOf(application), read);
    if (!items) {
      // Without one that is there, a secret that nobody needs would page.
      const last = memory.lastKnown<string[]>(factOf(application));
      if (last) application.federated = last.value;
      continue;
    }
    application.federated = items.map(({ name, id }) => String(name ?? id));
    memory.keep(factOf(application), application.federated);
  }
}

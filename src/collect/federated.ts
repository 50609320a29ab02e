import type { Azure } from '../azure.ts';
import type { Application, DirectorySecret, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { graphBatch, listed } from './graphBatch.ts';
import type { Seldom } from './seldom.ts';

interface FederatedOptions {
  /** of how many secrets; undefined: of any, for where there is none there is nothing that could be needless */
  isWanted?(secrets: number): boolean;
  /** whether what is remembered has to be read again, since it says whether the end of one of its holder's secrets pages */
  isDecisive?(federated: string[], secrets: DirectorySecret[]): boolean;
}

/**
 * Gives each application that has secrets, or another number of them that is wanted, the names of its federated credentials.
 * Twenty a request, and once a day, or in every sweep while they are decisive.
 */
export async function readFederated(
  azure: Azure,
  principals: ServicePrincipal[],
  applications: Application[],
  memory: Seldom,
  gaps: Gap[],
  { isWanted = (secrets) => secrets > 0, isDecisive = () => false }: FederatedOptions = {},
): Promise<void> {
  const holders = new Map(principals.map((principal) => [principal.appId.toLowerCase(), principal]));
  const holderOf = ({ appId }: Application) => holders.get(appId.toLowerCase());
  const scopeOf = (application: Application): string => `/servicePrincipals/${holderOf(application)?.id}`;
  const secretsOf = (application: Application) => [...application.secrets, ...(holderOf(application)?.secrets ?? [])];
  const factOf = (application: Application) => ({
    source: 'federatedCredentials' as const,
    registry: { id: scopeOf(application) },
    isStale: (federated: string[]) => isDecisive(federated, secretsOf(application)),
  });
  const asked: Application[] = [];
  for (const application of applications) {
    if (!isWanted(secretsOf(application).length)) continue;
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

import type { Azure } from '../azure.ts';
import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { answered, graphBatch } from './graphBatch.ts';

/** Gives each application that has secrets the names of its federated credentials. Twenty a request. */
export async function readFederated(
  azure: Azure,
  principals: ServicePrincipal[],
  applications: Application[],
  gaps: Gap[],
): Promise<void> {
  const holders = new Map(principals.map((principal) => [principal.appId.toLowerCase(), principal]));
  // Where there is no secret there is nothing that a federated credential could make needless.
  const asked = applications.filter(
    ({ appId, secrets }) => secrets.length + (holders.get(appId.toLowerCase())?.secrets.length ?? 0) > 0,
  );
  const answers = await graphBatch(
    azure,
    asked.map(({ id }) => ({ path: `/applications/${id}/federatedIdentityCredentials` })),
  );
  for (const [index, application] of asked.entries()) {
    const scope = `/servicePrincipals/${holders.get(application.appId.toLowerCase())?.id}`;
    const items = await attempt(gaps, 'federatedCredentials', scope, async () => answered(answers[index]).items);
    if (items) application.federated = items.map(({ name, id }) => String(name ?? id));
  }
}

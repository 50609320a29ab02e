import type { Azure } from '../azure.ts';
import type { Group } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { graphBatch, listed } from './graphBatch.ts';
import { ADVANCED } from './groups.ts';
import { personNameOrId } from './owners.ts';

/**
 * Gives groups the names of the people in them, through groups inside them too. For whoever asks: a group may have thousands. Those
 * whose people could not even be counted are gaps already.
 */
export async function readGroupPeople(azure: Azure, groups: Group[], gaps: Gap[]): Promise<void> {
  const asked = groups.filter(({ people }) => people !== undefined);
  const query = '$select=id,mail,userPrincipalName,displayName&$count=true&$top=999';
  const answers = await graphBatch(
    azure,
    asked.map(({ id }) => ({
      path: `/groups/${id}/transitiveMembers/microsoft.graph.user?${query}`,
      headers: ADVANCED,
    })),
  );
  for (const [index, group] of asked.entries()) {
    const read = async () => listed(answers[index]).items.map((person) => personNameOrId(person, gaps));
    const names = await attempt(gaps, 'groups', `/groups/${group.id}`, read);
    if (names) group.named = names.sort();
  }
}

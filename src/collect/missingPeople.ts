import type { Azure } from '../azure.ts';
import type { Gap } from '../model/gap.ts';
import { gapFrom } from './attempt.ts';
import { graphBatch, isMissing } from './graphBatch.ts';
import { namesHidden } from './owners.ts';

/**
 * Which of these people the directory does not have any more. Absence from getByIds proves nothing: it leaves out in
 * silence whom we may not see, so each is asked for, and only a 404 counts.
 */
export async function readMissingPeople(azure: Azure, ids: string[], gaps: Gap[]): Promise<string[]> {
  const missing: string[] = [];
  // Without the permission the first answer says so for all.
  for (const some of [ids.slice(0, 1), ids.slice(1)]) {
    const answers = await graphBatch(
      azure,
      some.map((id) => ({ path: `/users/${id}?$select=id` })),
    );
    for (const [index, id] of some.entries()) {
      const answer = answers[index];
      if (isMissing(answer)) missing.push(id);
      else if (answer && 'error' in answer) {
        const gap = gapFrom(answer.error, 'users', '/users');
        gaps.push(gap.permission ? namesHidden() : gap);
        return missing;
      }
    }
  }
  return missing;
}

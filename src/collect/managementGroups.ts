import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt } from './attempt.ts';
import { understood } from './wire.ts';

const API_VERSION = '2020-05-01';

/** A descendant is a group or a subscription; the name of a subscription is its id (REST reference, Descendants). */
const WireDescendant = z.object({ name: z.string(), type: z.string() });

/** The ids of all subscriptions below some management groups, each once; a group that cannot be read is a gap. */
export async function readSubscriptionsBelow(azure: Azure, groups: string[], gaps: Gap[]): Promise<string[]> {
  const found = new Set<string>();
  for (const group of groups) {
    const id = `/providers/Microsoft.Management/managementGroups/${group}`;
    await attempt(gaps, 'managementGroups', id, async () => {
      for await (const wire of armPages(azure, `${id}/descendants?api-version=${API_VERSION}`)) {
        const { name, type } = understood(WireDescendant, wire, `a descendant of ${id}`);
        if (/\/subscriptions$/i.test(type)) found.add(name.toLowerCase());
      }
    });
  }
  return [...found];
}

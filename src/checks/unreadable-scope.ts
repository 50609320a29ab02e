import type { Check } from '../model/check.ts';
import { giveIdentity } from '../model/command.ts';
import { EACH_SUBSCRIPTION, type Gap } from '../model/gap.ts';
import { SOURCES } from '../model/source.ts';

/** Something could not be looked at, and so nothing may be called clean there. */
export const unreadableScope: Check = {
  id: 'unreadable-scope',
  title: 'Part of the estate could not be read',
  category: 'coverage',
  severity: 'high',
  needs: [],
  run: ({ gaps }) => {
    const first = new Map<string, Gap>();
    // Several failed reads of one source in one place are one finding.
    for (const gap of gaps) {
      if (gap.toldElsewhere) continue;
      const { resourceId, subject } = placeOf(gap);
      const key = `${subject}|${resourceId}`.toLowerCase();
      if (!first.has(key)) first.set(key, gap);
    }
    return [...first.values()].map((gap) => ({
      ...placeOf(gap),
      reason: `${gap.reason.charAt(0).toUpperCase()}${gap.reason.slice(1)}.`,
      evidence: { source: gap.source, code: gap.code, permission: gap.permission ?? null },
      fix: fixOf(gap),
    }));
  },
};

function placeOf({ toldAt, scope, source }: Gap): { resourceId: string; subject: string } {
  return toldAt ?? { resourceId: scope, subject: source };
}

function fixOf({ permission, principalId, scope, source }: Gap): string {
  if (!permission) return `Wait for the next sweep; if it stays, read the ${SOURCES[source].title} of ${scope} by hand`;
  const who = principalId ?? "<object id of the auditor's identity>";
  if (permission.startsWith('graph:')) {
    return `./infra/grant-graph.sh ${who} # grants ${permission.slice('graph:'.length)} in Microsoft Graph`;
  }
  // Listing secrets is a data action, which Reader lacks; Key Vault Reader shows names and dates and no value.
  if (permission.startsWith('vault:')) {
    // A vault that no subscription shows us is known by its address only, which is no scope.
    const vault = scope.startsWith('/') ? scope : `<resource id of ${scope}>`;
    return `${giveIdentity(who, '"Key Vault Reader"', vault)} # lists secrets without their values`;
  }
  // At the root of the tenant it would be more than a sweep needs.
  const where = scope === '/' ? EACH_SUBSCRIPTION : scope;
  return `${giveIdentity(who, 'Reader', where)} # grants ${permission}`;
}

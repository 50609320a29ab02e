import { isUnclear, mayBeGroup } from '../access/principalKinds.ts';
import { keepsItsCredentials } from '../access/principals.ts';
import { givenRoles, reachOfPrincipals } from '../access/reach.ts';
import type { RegistriesBelow } from '../access/scopes.ts';
import { unreadRoles } from '../access/unreadRoles.ts';
import type { Azure } from '../azure.ts';
import { BINS, type Bins, type ByPrincipal, binOf, byPrincipal } from '../byPrincipal.ts';
import type { Application, Facts, RoleAssignment, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { readApplications } from './applications.ts';
import { readFederated } from './federated.ts';
import { readGroups } from './groups.ts';
import { readMissingPeople } from './missingPeople.ts';
import { lastOwners, readOwners } from './owners.ts';
import { readPrincipals } from './principals.ts';
import { type OfPrincipals, shareOf } from './tenantParts.ts';
import type { TenantScope } from './tenantShard.ts';

/** Assignments of principals that are looked at together; as many principals are one question to Graph. */
const TOGETHER = 1000;

/** Who was asked for in search of groups: the ids of whom the directory showed, and those of them that are service principals. */
interface Met {
  seen: ReadonlyMap<string, string>;
  principals: ByPrincipal<ServicePrincipal>;
}

type Asked = Pick<TenantScope, 'needed' | 'memory' | 'isDecisive' | 'evenUnread' | 'together'>;

/** What was given to others than groups, and the registries where it holds. */
interface Given {
  assignments: ByPrincipal<RoleAssignment>;
  below: RegistriesBelow;
}

/**
 * Who stands behind the assignments that do something at a registry: principals, the members of groups, and the
 * applications, owners and federated credentials of those that sign in with a credential of their own. Each is read once;
 * groups, people and who is missing are noted in `whole`.
 */
export async function readDirectory(
  azure: Azure,
  whole: Facts,
  { assignments, below }: Given,
  { needed, evenUnread = false, together = TOGETHER, ...seldom }: Asked,
): Promise<OfPrincipals> {
  const { gaps } = whole;
  const met = await readOwnGroups(azure, whole, assignments, evenUnread);
  const members = new Set(whole.groups.flatMap((group) => group.members ?? []));
  const membersIn = Map.groupBy(members, binOf);
  const shares = cut((bin) => assignments.size(bin) + (membersIn.get(bin)?.length ?? 0), together);

  const principals = byPrincipal<ServicePrincipal>();
  /** application id in lower case → object id, of those whose credentials can be seen from here */
  const holders = new Map<string, string>();
  for (const bins of shares) {
    const own = { roleAssignments: [...assignments.within(bins)], servicePrincipals: [], applications: [] };
    const share = shareOf(whole, own, below);
    const known = { bins, met, members: membersOf(bins, membersIn) };
    for (const one of await readShare(azure, share, known, { needed, evenUnread })) {
      principals.add(one.id, one);
      const isWanted = evenUnread || reachOfPrincipals(share).has(one.id.toLowerCase());
      if (isWanted && keepsItsCredentials(one, whole.tenantId)) holders.set(one.appId.toLowerCase(), one.id);
    }
  }
  principals.seal();
  const applications = byPrincipal<Application>();
  await readApplications(azure, holders, gaps, (application, holder) => applications.add(holder, application));
  applications.seal();
  const read = { shares, assignments, principals, applications, ages: seldom.memory.ages };
  return { ...read, ...(await withOwners(azure, read, holders, seldom, gaps)) };
}

/**
 * The groups that hold a role which does something at a registry. Whoever turns out to be none of those of whom ARM does not
 * say what they are goes to the `others`; whom the directory does not show is asked for as a group, and is never called missing.
 */
async function readOwnGroups(
  azure: Azure,
  whole: Facts,
  others: Given['assignments'],
  evenUnread: boolean,
): Promise<Met> {
  const { gaps } = whole;
  const mayBeOwn = (one: RoleAssignment): boolean => one.principalType === 'Group' || isUnclear(one);
  const asked = await readPrincipals(azure, idsOf(holding(whole, evenUnread), mayBeOwn), gaps);
  const { groupNames, seen } = asked;
  whole.people.push(...asked.people);
  const principals = byPrincipal<ServicePrincipal>();
  for (const one of asked.servicePrincipals) principals.add(one.id, one);
  principals.seal();
  const told = whole.roleAssignments.map((one) => {
    const kind = isUnclear(one) ? seen.get(one.principalId.toLowerCase()) : undefined;
    return kind === undefined ? one : { ...one, principalType: kind };
  });
  for (const one of told) if (!mayBeGroup(one)) others.add(one.principalId, one);
  others.seal();
  whole.roleAssignments = told.filter(mayBeGroup);

  const assignments = holding(whole, evenUnread);
  if (isBroken(gaps)) gaps.push(...assignments.filter(isUnclear).map(unresolved));
  const { groups, missing } = await readGroups(azure, idsOf(assignments, mayBeOwn), groupNames, assignments, gaps);
  whole.groups.push(...groups);
  const known = new Set(idsOf(assignments, ofKind('Group')));
  whole.missingPrincipals.push(...missing.filter((id) => known.has(id)));
  return { seen, principals };
}

/** Whether some principals could not be asked for. */
function isBroken(gaps: Gap[]): boolean {
  return gaps.some(({ source, scope }) => source === 'servicePrincipals' && scope === '/');
}

/** Whether it is a program's is not known; that the directory cannot be read is told once. */
function unresolved({ id, principalId, principalType }: RoleAssignment): Gap {
  const reason = `cannot read the role assignment ${id}: it is of ${principalId}, of kind '${principalType}', and who that is could not be read`;
  return { source: 'roleAssignments', scope: id, code: 'UnusableAnswer', reason, toldElsewhere: true };
}

/** The service principals of a share; its people and who of both is missing are noted in the facts that all shares have. */
async function readShare(
  azure: Azure,
  share: Facts,
  { bins, met, members }: { bins: Bins; met: Met; members: string[] },
  { needed, evenUnread }: { needed: TenantScope['needed']; evenUnread: boolean },
): Promise<ServicePrincipal[]> {
  const assignments = holding(share, evenUnread);
  const [robots, users] = [idsOf(assignments, ofKind('ServicePrincipal')), idsOf(assignments, ofKind('User'))];
  const failed: Gap[] = [];
  const wanted = new Set([...robots, ...users, ...members]);
  const asked = [...wanted].filter((id) => !met.seen.has(id));
  const read = await readPrincipals(azure, asked, failed);
  const isUnseen = (id: string): boolean => !met.seen.has(id) && !read.seen.has(id);
  share.people.push(...read.people);
  if (!isBroken(failed)) share.missingPrincipals.push(...robots.filter(isUnseen));
  const unseen = needed.has('users') ? users.filter(isUnseen) : [];
  share.missingPrincipals.push(...(await readMissingPeople(azure, unseen, failed)));
  addNews(share.gaps, failed);
  const known = [...met.principals.within(bins)].filter(({ id }) => wanted.has(id.toLowerCase()));
  return [...known, ...read.servicePrincipals];
}

/** What fails for all shares alike is one gap. */
function addNews(gaps: Gap[], failed: Gap[]): void {
  for (const gap of failed) {
    const isKnown = gaps.some(
      ({ source, scope, code }) => source === gap.source && scope === gap.scope && code === gap.code,
    );
    if (!isKnown) gaps.push(gap);
  }
}

/** Service principals with their owners, and applications with their federated credentials. */
async function withOwners(
  azure: Azure,
  { shares, ...read }: OfPrincipals,
  holders: ReadonlyMap<string, string>,
  { memory, ...options }: Pick<TenantScope, 'memory' | 'isDecisive'>,
  gaps: Gap[],
): Promise<Pick<OfPrincipals, 'principals' | 'applications'>> {
  const [principals, applications] = [byPrincipal<ServicePrincipal>(), byPrincipal<Application>()];
  const unread = new Set(gaps.filter(({ source }) => source === 'applications').map(({ scope }) => scope));
  for (const bins of shares) {
    const [some, own] = [[...read.principals.within(bins)], [...read.applications.within(bins)]];
    const signIn = some.filter(({ id, appId }) => holders.get(appId.toLowerCase()) === id);
    await readFederated(azure, signIn, own, memory, gaps, options);
    // Owners of an application that is there and did not come are not known, whoever owns the principal.
    const came = new Set(own.map(({ appId }) => appId.toLowerCase()));
    const isHidden = ({ id, appId }: ServicePrincipal): boolean =>
      !came.has(appId.toLowerCase()) && unread.has(`/servicePrincipals/${id}`);
    const { true: hidden = [], false: seen = [] } = Object.groupBy(signIn, (one) => `${isHidden(one)}`);
    await readOwners(azure, seen, own, memory, gaps);
    for (const principal of hidden) lastOwners(principal, memory);
    for (const principal of some) principals.add(principal.id, principal);
    for (const application of own) applications.add(holders.get(application.appId.toLowerCase()), application);
  }
  principals.seal();
  applications.seal();
  return { principals, applications };
}

/** Bins next to each other, so many that they come to about `together`, and at least one. */
function cut(sizeOf: (bin: number) => number, together: number): Bins[] {
  const shares: Bins[] = [];
  let [from, size] = [0, 0];
  for (let bin = 0; bin < BINS; bin++) {
    const own = sizeOf(bin);
    if (bin > from && size + own > together) {
      shares.push({ from, to: bin });
      [from, size] = [bin, 0];
    }
    size += own;
  }
  return [...shares, { from, to: BINS }];
}

function membersOf({ from, to }: Bins, membersIn: ReadonlyMap<number, string[]>): string[] {
  const bins = Array.from({ length: to - from }, (_, index) => from + index);
  return bins.flatMap((bin) => membersIn.get(bin) ?? []);
}

/** The assignments whose role does something at a registry: those of other services concern nobody here. */
function holding(facts: Facts, evenUnread: boolean): RoleAssignment[] {
  const known = givenRoles(facts).filter((given) => given.concernsRegistries);
  return [...known, ...(evenUnread ? unreadRoles(facts) : [])].map(({ assignment }) => assignment);
}

/** Their object ids, each once, in lower case. */
function idsOf(assignments: RoleAssignment[], isWanted: (assignment: RoleAssignment) => boolean): string[] {
  return [...new Set(assignments.filter(isWanted).map(({ principalId }) => principalId.toLowerCase()))];
}

function ofKind(kind: string): (assignment: RoleAssignment) => boolean {
  return ({ principalType }) => principalType === kind;
}

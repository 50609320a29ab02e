import type { Instant } from './model/estate.ts';
import { POLICY_ID } from './model/exception.ts';
import {
  type Category,
  type ComparedFinding,
  type Evidence,
  type Finding,
  type ResolvedReason,
  registriesIn,
} from './model/finding.ts';
import { type Gap, type IsUnread, indexOf, mayHideRegistries, scopeCovers } from './model/gap.ts';
import { severityRank } from './model/severity.ts';
import { isSource, type Source, withPrerequisites } from './model/source.ts';

/** The one check whose findings end by being accepted. */
const DRIFT = 'public-access-drift';
/** The check that says of somebody that there is no right anywhere. */
const CLUSTER = 'cluster-cannot-pull';
/** What may give somebody a right unseen. */
const OF_RIGHTS: readonly Source[] = ['registries', 'roleAssignments', 'roleDefinitions', 'groups'];

export interface Comparison {
  /** what was open after the last sweep of this shard; looked at once */
  previous: Iterable<ComparedFinding>;
  /** what is wrong now */
  current: Finding[];
  gaps: Gap[];
  /** ids of what is gone: a GET answered 404 */
  deleted: string[];
  /** whether the registry of a drift still differs from what was expected of it: then its drift was accepted, not put back */
  stillDiffers?(drift: Finding): boolean;
  sweptAt: Instant;
  /** the sources of a check at a place; undefined: this check is no part of the sweep any more */
  needsOf(checkId: string, resourceId: string): readonly Source[] | undefined;
  /** whether the policy still wants the place of a finding judged; undefined: nobody knows */
  inScope(finding: Finding): boolean | undefined;
}

/** A credential, or an exception, that is found by another check from a time on is the same trouble. */
const HANDED_ON: Category[] = ['credentials', 'coverage'];

/** There may be thousands of findings and as many gaps. */
interface Unread extends Comparison {
  isUnread: IsUnread;
}

interface Indexed extends Unread {
  /** `resource|subject` of what is wrong now and was not before, of the categories that are handed on */
  appeared: ReadonlySet<string>;
}

/**
 * Every finding of either sweep, exactly once, with its status (design §2). What a gap may hide is never resolved, and
 * never gets milder.
 */
export function compare(asked: Comparison): ComparedFinding[] {
  const { previous, current, sweptAt, gaps } = asked;
  const now = new Map(current.map((finding) => [finding.findingId, finding]));
  const unread: Unread = { ...asked, isUnread: indexOf(gaps) };
  const seenAgain = new Map<string, ComparedFinding>();
  const gone: ComparedFinding[] = [];
  for (const old of previous) {
    const finding = now.get(old.findingId);
    if (finding) seenAgain.set(old.findingId, again(old, finding, unread));
    else gone.push(old);
  }
  const appeared = current.filter(
    ({ category, findingId, subject }) => HANDED_ON.includes(category) && subject !== '' && !seenAgain.has(findingId),
  );
  const comparison: Indexed = { ...unread, appeared: new Set(appeared.map(partOf)) };
  return [
    ...current.map((finding) => seenAgain.get(finding.findingId) ?? firstTime(finding, sweptAt)),
    ...gone.map((old) => noLongerSeen(old, comparison)),
  ];
}

/** Whether a finding stays open after this sweep: what the next one is compared with. */
export function isOpen({ status }: ComparedFinding): boolean {
  return status !== 'resolved';
}

function firstTime(finding: Finding, sweptAt: Instant): ComparedFinding {
  return { ...finding, status: 'new', statusReason: '', firstSeen: sweptAt, lastChanged: sweptAt };
}

function again(old: ComparedFinding, finding: Finding, comparison: Unread): ComparedFinding {
  const { firstSeen, lastChanged } = old;
  const same = old.severity === finding.severity && sameEvidence(old.evidence, finding.evidence);
  if (same) return { ...finding, status: 'ongoing', statusReason: '', firstSeen, lastChanged };
  // Half blind, a credential seems to open fewer registries than it does; what was known stands until it is seen again.
  const milder = severityRank(finding.severity) <= severityRank(old.severity);
  // A gap's own finding says why nothing can be seen: that is news when it is another reason.
  const isOfGap = comparison.needsOf(old.checkId, old.resourceId)?.length === 0;
  if (milder && !isOfGap && isHidden(old, comparison)) return { ...old, status: 'unverified', statusReason: '' };
  return { ...finding, status: 'changed', statusReason: '', firstSeen, lastChanged: comparison.sweptAt };
}

function noLongerSeen(old: ComparedFinding, comparison: Indexed): ComparedFinding {
  const reason = reasonGone(old, comparison);
  if (!reason) return { ...old, status: 'unverified', statusReason: '' };
  return { ...old, status: 'resolved', statusReason: reason, lastChanged: comparison.sweptAt };
}

/** Why a finding is not seen any more; undefined: because we could not look. */
function reasonGone(old: ComparedFinding, comparison: Indexed): ResolvedReason | undefined {
  const { deleted, stillDiffers, needsOf, inScope } = comparison;
  if (deleted.some((id) => scopeCovers(id, old.resourceId))) return 'deleted';
  const wanted = inScope(old);
  if (!needsOf(old.checkId, old.resourceId) || wanted === false) return 'out-of-scope';
  if (wanted === undefined || isHidden(old, comparison)) return undefined;
  if (old.checkId === DRIFT && stillDiffers?.(old)) return 'accepted';
  // A credential that went from expiring to expired is not fixed: another check has it now.
  return comparison.appeared.has(partOf(old)) ? 'out-of-scope' : 'fixed';
}

function partOf({ resourceId, subject }: Finding): string {
  return `${resourceId}|${subject}`.toLowerCase();
}

/** Whether a gap covers something that the finding's check needs, at the place of the finding. */
function isHidden(finding: ComparedFinding, { gaps, isUnread, needsOf }: Unread): boolean {
  if (gaps.length === 0) return false;
  const own = needsOf(finding.checkId, finding.resourceId) ?? [];
  // A gap hides other gaps behind it: the tokens of a registry that is not listed cannot be called readable.
  // The subject of a gap's own finding begins with its source.
  const [source = ''] = finding.subject.split(',');
  const needs = withPrerequisites(own.length === 0 && isSource(source) ? [source] : own);
  // What is said of the policy needs the whole estate.
  if (finding.resourceId === POLICY_ID) return gaps.some(({ source }) => needs.has(source));
  // What is said of a role is said of the registries below its scope, and one of these may be the last that it opens.
  const { scope, why } = finding.evidence;
  if (needs.has('registries') && typeof scope === 'string' && mayHideRegistries(scope, gaps)) return true;
  // That a cluster whose role, or identity, counts nowhere pulls from nowhere else is said of all registries there are.
  if (finding.checkId === CLUSTER && why !== 'no right' && gaps.some(({ source }) => OF_RIGHTS.includes(source)))
    return true;
  const places = placesOf(finding);
  const endpoints = endpointsOf(finding);
  return [...needs].some((source) =>
    (BEHIND_ENDPOINTS.includes(source) ? endpoints : places).some((place) => isUnread(source, place)),
  );
}

/**
 * A finding about a principal is at home wherever its credential opens a registry, and one about a cluster or about a copy of
 * a credential at the identity behind it.
 */
function placesOf({ resourceId, evidence }: ComparedFinding): string[] {
  const { identity } = evidence;
  const own = typeof identity === 'string' ? [`/servicePrincipals/${identity}`] : [];
  return [resourceId, ...own, ...registriesIn(evidence)];
}

const BEHIND_ENDPOINTS: readonly Source[] = ['privateEndpoints', 'privateDnsZoneGroups', 'privateDnsRecords'];

/** What a registry's other endpoints hide, one of a partner for instance, is nothing of those that a finding is about. */
function endpointsOf({ resourceId, evidence }: ComparedFinding): string[] {
  const { endpointId, others } = evidence;
  if (typeof endpointId !== 'string') return [resourceId];
  return [endpointId, ...(Array.isArray(others) ? others.map(String) : [])];
}

/** By content: what comes back from the state has passed through JSON, which mostly keeps the order too. */
function sameEvidence(a: Evidence, b: Evidence): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

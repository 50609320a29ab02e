import type { LogsQueryClient } from '@azure/monitor-query-logs';
import * as z from 'zod';
import type { WorkspaceRow } from '../model/alert.ts';
import { sameId } from '../model/armId.ts';
import { severityRank } from '../model/severity.ts';

/** Asks the workspace. */
export type Ask = (query: string) => Promise<WorkspaceRow[]>;

/** As long as alert rules look back: an older row says nothing about now. */
const LOOK_BACK = 'P2D';

/** A way to query one workspace. */
export function asking(client: LogsQueryClient, workspaceId: string): Ask {
  return async (query) => {
    try {
      const result = await client.queryWorkspace(workspaceId, query, { duration: LOOK_BACK });
      if (result.status !== 'Success')
        throw new Error(`the workspace answered in part: ${result.partialError.message}`);
      const [table] = result.tables;
      if (!table) return [];
      return table.rows.map((row) =>
        Object.fromEntries(table.columnDescriptors.map(({ name }, column) => [name ?? '', row[column]])),
      );
    } catch (error) {
      // A table that is not there is told like any other failure: of what would be in it, nothing is known.
      throw new Error(`cannot query workspace ${workspaceId}${refusalIn(error)}`, { cause: error });
    }
  };
}

const Said = z.object({
  message: z.string(),
  get innererror() {
    return Said.optional();
  },
});
const Refused = z.object({ details: z.object({ error: Said }) });

/** What is wrong with a query stands innermost in the answer; its own message says only that something is. */
function refusalIn(error: unknown): string {
  let said = Refused.safeParse(error).data?.details.error.innererror;
  while (said?.innererror) said = said.innererror;
  return said ? `: ${said.message}` : '';
}

/** The newest row of a finding. */
export async function findingById(ask: Ask, findingId: string, environment: string): Promise<WorkspaceRow | undefined> {
  if (!/^[0-9a-f]{16}$/.test(findingId)) return undefined;
  const rows = await ask(`AcrWardenFindings_CL
${within(environment)}| where FindingId == ${literal(findingId)}
| summarize arg_max(SweptAt, *) by FindingId`);
  return rows[0];
}

/** The row of the newest sweep that was closed, of the last two days. */
export async function lastClosed(ask: Ask, environment: string): Promise<WorkspaceRow | undefined> {
  const [newest] = await closedSweeps(ask, environment);
  return newest;
}

/**
 * The rows of the newest sweep of each environment that was closed, of the last two days, the newest first: which version
 * swept, and how many rows waited to be delivered by then, or were refused.
 */
export async function closedSweeps(ask: Ask, environment: string): Promise<WorkspaceRow[]> {
  return ask(`AcrWardenSweeps_CL
${within(environment)}| where RowKind == "closed"
| summarize arg_max(SweptAt, Version, RowsUndelivered) by Environment
| order by SweptAt desc`);
}

/** The most that a report lists. */
const MOST_LISTED = 20;

/** What is open, and about whom: a registry, or a principal. */
interface About {
  registryName: string;
  /** its resource id: names are not unique */
  principal?: string;
  environment: string;
  /** the finding that the others are open beside */
  beside?: string;
}

/** What clients saw, and when: the checks whose findings may be behind it. */
interface Symptom {
  causes: readonly string[];
  at: string;
}

/** Open findings, and how many more there are than these. */
export interface Open {
  rows: WorkspaceRow[];
  unlisted: number;
}

/**
 * Open findings of a registry, or of a principal, worst first; at most {@link MOST_LISTED}. What may be behind a symptom comes
 * before all others (`First` is more than 0), and of that what came about lately; what is of the registry comes before what is
 * only of the principal.
 */
export async function openFindings(ask: Ask, about: About, symptom?: Symptom): Promise<Open> {
  const query = openQuery(about);
  if (!query) return { rows: [], unlisted: 0 };
  if (!symptom || symptom.causes.length === 0) return listed(ask, query, `iff(${atRegistry(about)}, 1, 0)`);
  return listed(ask, `${query}\n| extend Since = ${SINCE}`, mayCause(symptom), 'Since desc, ');
}

/** What is wrong at a registry, and silenced wherever it is known, worst first; at most {@link MOST_LISTED}. */
export async function mutedFindings(ask: Ask, about: Pick<About, 'registryName' | 'environment'>): Promise<Open> {
  const query = `${unresolvedQuery(about)}
| summarize Open = countif(not(Muted)), arg_max(SweptAt, *) by FindingId
| where Open == 0`;
  return listed(ask, query, `iff(${atRegistry(about)}, 1, 0)`);
}

/** `first`: a number, the greater the sooner; `then`: what tells apart those that are as bad. */
async function listed(ask: Ask, query: string, first: string, then = ''): Promise<Open> {
  const rows = await ask(`${query}
| extend First = ${first}
| order by First desc, SeverityRank desc, ${then}FindingId asc
| take ${MOST_LISTED}`);
  if (rows.length < MOST_LISTED) return { rows, unlisted: 0 };
  const [all] = await ask(`${query}\n| summarize All = count()`);
  return { rows, unlisted: Math.max(0, Number(all?.All ?? 0) - rows.length) };
}

const HAS_END = 'CheckId endswith "-expired" or CheckId endswith "-expiring" or CheckId == "credential-superseded"';
const ORPHANED = 'CheckId == "role-assignment-orphaned"';
/** When what a finding is about came about. */
const SINCE = `case(${ORPHANED}, FirstSeen, ${HAS_END}, ExpiresOn, coalesce(ChangedAt, LastChanged))`;

/** 2: what may be behind a symptom, and came about lately; 1: other such; 0: what is not, by the rules of likelyCause.ts. */
function mayCause({ causes, at }: Symptom): string {
  const now = `todatetime(${literal(at)})`;
  const isLate = `Since > ${now} - 2d`;
  const hasEnded = `Since <= ${now} and (${isLate} or SeverityRank >= ${severityRank('high')})`;
  const isCause = `CheckId in (${causes.map(literal).join(', ')}) and (not(${HAS_END} or ${ORPHANED}) or (${hasEnded}))`;
  return `case(${isCause}, iff(${isLate}, 2, 1), 0)`;
}

/** Whether a finding is about a registry, or may be. */
function atRegistry({ registryName }: About): string {
  if (!registryName) return 'false';
  return [
    `RegistryName =~ ${literal(registryName)}`,
    // What opens several registries names none. Names are letters and digits, so a whole term is a whole name.
    `tostring(Evidence.registries) has ${literal(`registries/${registryName}`)}`,
    // A list too long for its column names some of them only.
    '(RegistryName == "" and isnotempty(tostring(Evidence.cut)))',
  ].join(' or ');
}

function openQuery(about: About): string | undefined {
  const { registryName, principal = '', beside = '' } = about;
  if (!registryName && !principal) return undefined;
  // Muted in one environment, it may be open in another; open in both, it is one.
  return `${unresolvedQuery(about)}
| where not(Muted) and FindingId != ${literal(beside)}
| summarize arg_max(SweptAt, *) by FindingId`;
}

/**
 * What is not resolved, muted or not, by each environment: out of the scope of one, it may be open in another. An exception
 * may have ended since the sweep that wrote the row.
 */
function unresolvedQuery(about: About): string {
  const { principal = '', environment } = about;
  const ofPrincipal = principal ? ` or ResourceId =~ ${literal(principal)}` : '';
  // The newest row first: a finding may name other registries now.
  return `AcrWardenFindings_CL
${within(environment)}| summarize arg_max(SweptAt, *) by FindingId, Environment
| where Status != "resolved"
| extend Muted = Muted and (isnull(MutedUntil) or MutedUntil > now())
| where ${atRegistry(about)}${ofPrincipal}`;
}

/** The newest row of a registry in the last two days, wherever it was moved in them. */
export async function registryByName(ask: Ask, name: string, environment: string): Promise<WorkspaceRow | undefined> {
  const rows = await ask(`AcrWardenRegistries_CL
${within(environment)}| where RegistryName =~ ${literal(name)}
| top 1 by SweptAt desc`);
  return rows[0];
}

/**
 * The registry that has a login server, by the rows of the last two days: `row` is undefined where no sweep has seen it. Its
 * name ends where a domain name label follows after a hyphen; with another label it is another registry, which has no name
 * here then.
 */
export async function registryAt(ask: Ask, loginServer: string, environment: string): Promise<SweptRegistry> {
  const name = /^[a-z0-9]{1,50}(?=[-.])/i.exec(loginServer)?.[0] ?? '';
  const rows = await ask(`AcrWardenRegistries_CL
${within(environment)}| extend LoginServer = tostring(Posture.loginServer)
| where LoginServer =~ ${literal(loginServer)} or RegistryName =~ ${literal(name)}
| summarize arg_max(SweptAt, RegistryName, LoginServer, SubscriptionId, Environment) by RegistryId
| order by SweptAt desc`);
  const row = rows.find(({ LoginServer }) => sameId(String(LoginServer), loginServer));
  if (row) return { name: String(row.RegistryName), row };
  return { name: rows.length === 0 ? name : '', row: undefined };
}

/** A registry as the rows of the last two days know it. */
export interface SweptRegistry {
  /** empty: nobody knows which one is meant */
  name: string;
  /** undefined: no sweep has seen it */
  row: WorkspaceRow | undefined;
}

/**
 * What the newest sweep of each shard could not read; when one last succeeded and delivered all its rows (`LookedAt`); when
 * one last left some waiting (`UndeliveredAt`); and when one last found a registry deleted, or fewer registries than the one
 * before it (`LeftAt`). A try that failed says nothing where another one succeeded.
 */
export async function lastSwept(ask: Ask, environment: string): Promise<WorkspaceRow[]> {
  return ask(`AcrWardenSweeps_CL
${within(environment)}| where RowKind == "shard"
| extend Succeeded = iff(Outcome == "failed", 0, 1)
| summarize arg_max(Succeeded, SubscriptionId, Gaps, RegistriesSeen), Deleted = max(RegistriesDeleted), Undelivered = max(RowsUndelivered) by Environment, Shard, SweptAt
| order by Environment asc, Shard asc, Succeeded asc, SweptAt asc
| extend IsAfter = Succeeded == 1 and prev(Succeeded) == 1 and Environment == prev(Environment) and Shard == prev(Shard)
| extend HasLost = Deleted > 0 or (IsAfter and RegistriesSeen < prev(RegistriesSeen))
| summarize arg_max(SweptAt, SubscriptionId, Gaps), LookedAt = maxif(SweptAt, Succeeded == 1 and Undelivered == 0), UndeliveredAt = maxif(SweptAt, Undelivered > 0), LeftAt = maxif(SweptAt, HasLost) by Environment, Shard`);
}

/**
 * The rows of one environment, since the same finding of another may be muted there, or gone; without those of sweeps that are
 * history, whenever they arrived, and those that were there before their time, as in the alert rules.
 */
function within(environment: string): string {
  return `| where SweptAt > ago(2d) and SweptAt <= TimeGenerated\n${environment ? `| where Environment == ${literal(environment)}\n` : ''}`;
}

/** A text as a literal of the query language, whatever is in it. */
function literal(text: string): string {
  return JSON.stringify(text);
}

import * as z from 'zod';
import type { AlertCall, Incident, WorkspaceRow } from '../model/alert.ts';
import { sameId } from '../model/armId.ts';
import { type ShardName, TENANT_SHARD } from '../model/sweep.ts';
import { partOf, shardsOfCut } from '../shard.ts';
import { aboutFinding, type IncidentPlace, linksOf } from './incident.ts';
import { unseenSince } from './lastSeen.ts';
import { minute, textOf, timeOf } from './text.ts';
import {
  type Ask,
  closedSweeps,
  lastSwept,
  mutedFindings,
  openFindings,
  registryAt,
  registryByName,
} from './workspace.ts';

/**
 * The report by hand, for a registry that somebody asks about by its name or login server: what is open there, and what
 * could not be read. Throws where no sweep knows the registry, nor anything that is open there: of it nothing can be said, least of all that nothing is open.
 */
export async function lookInto(asked: string, ask: Ask, place: IncidentPlace, now: string): Promise<Incident> {
  const registryName = await nameOf(asked, ask, place.environment);
  const about = { registryName, environment: place.environment };
  const { rows, unlisted } = await openFindings(ask, about);
  const [worst, ...others] = rows;
  const muted = await mutedFindings(ask, about);
  const call: AlertCall = {
    alertId: `report/${registryName}/${now}`,
    rule: 'report',
    condition: 'Fired',
    severity: 'Sev4',
    at: now,
    dimensions: { RegistryName: registryName },
  };
  const registry = await registryByName(ask, registryName, place.environment);
  const shards = await lastSwept(ask, place.environment);
  const own = registry
    ? [textOf(registry, 'SubscriptionId'), TENANT_SHARD].flatMap((name) => newestOf(name, shards))
    : [];
  const reasons = own.flatMap(({ shard, row }) => (row ? reasonsOf(gapsOf(row)) : `no sweep of ${shard} has ended`));
  const unseen = registry && unseenSince(registry, shards);
  const swept = own.map(({ row }) => row).filter((row) => row !== undefined);
  const waiting = registry ? undelivered(swept, await closedSweeps(ask, place.environment)) : [];
  const unread = registry ? [...new Set([unseen ?? [], waiting, reasons].flat())] : [unknown(registryName, shards)];
  const beside = {
    ...(unread.length > 0 && { unread }),
    ...(muted.rows.length > 0 && { muted: muted.rows, unlistedMuted: muted.unlisted }),
  };
  if (worst) return { ...aboutFinding(call, worst, { rows: others, unlisted }, place), ...beside };
  if (!registry) throw new Error(unread.join());
  // What has not been seen since, or not been looked at since, is known as of then.
  const looked = unseen ? [] : own.map(({ row }) => minute(row?.LookedAt) || minute(registry.SweptAt));
  const [oldest = minute(registry.SweptAt)] = looked.sort();
  return {
    call,
    title: `${beside.muted ? 'Nothing but what is muted' : 'Nothing'} is ${beside.unread ? 'known to be ' : ''}open at ${registryName}`,
    summary: `The workspace holds no open finding of this registry${beside.muted ? ' but what is muted,' : ''} as of ${oldest}.`,
    related: [],
    ...beside,
    fix: '',
    likelyCause: '',
    confidence: 'unknown',
    links: linksOf(registry, place),
  };
}

/** What the workspace has not got of what was found there, by the newest closed sweeps, or those that are not closed yet. */
function undelivered(swept: WorkspaceRow[], closed: WorkspaceRow[]): string[] {
  return [...Map.groupBy(swept, (row) => textOf(row, 'Environment'))]
    .filter(([environment, own]) => {
      const last = closed.find((row) => textOf(row, 'Environment') === environment);
      return Number(last?.RowsUndelivered ?? 0) > 0 || own.some((row) => isUndelivered(row, last));
    })
    .map(([environment]) => `rows of ${environment} are not delivered: they wait in the spool, or were refused`);
}

function isUndelivered(row: WorkspaceRow, closed: WorkspaceRow | undefined): boolean {
  const at = timeOf(row, 'UndeliveredAt');
  return Number.isFinite(at) && !(timeOf(closed, 'SweptAt') >= at);
}

/** What clients' errors name is the login server. */
async function nameOf(asked: string, ask: Ask, environment: string): Promise<string> {
  if (!asked.includes('.')) return asked;
  const { name } = await registryAt(ask, asked, environment);
  return name || asked;
}

/** A subscription's id, or the tenant's word for itself. */
function placeOf(row: WorkspaceRow): string {
  return row.Shard === TENANT_SHARD ? TENANT_SHARD : textOf(row, 'SubscriptionId');
}

/**
 * The newest row of every shard that a subscription, or the tenant, is swept in, by each environment; undefined where there
 * is none. Which shards these are says the newest of all rows: older ones may be of another cut.
 */
function newestOf(name: string, shards: WorkspaceRow[]): { shard: ShardName; row: WorkspaceRow | undefined }[] {
  const rows = shards
    .filter((row) => sameId(placeOf(row), name))
    .sort((a, b) => timeOf(b, 'SweptAt') - timeOf(a, 'SweptAt'));
  const environments = Map.groupBy(rows, (row) => textOf(row, 'Environment'));
  if (environments.size === 0) return [{ shard: name, row: undefined }];
  return [...environments.values()].flatMap((own) => {
    const { parts } = partOf(textOf(own[0], 'Shard')) ?? { parts: 1 };
    return shardsOfCut(name, parts).map((shard) => ({
      shard,
      row: own.find((row) => sameId(textOf(row, 'Shard'), shard)),
    }));
  });
}

/** Where one of these could not be read, or a shard failed, a registry may be there unseen. */
const LISTING = ['subscriptions', 'managementGroups', 'registries', 'shard'];

function unknown(registryName: string, shards: WorkspaceRow[]): string {
  if (shards.length === 0)
    return `no sweep of the last two days is in the workspace: nothing is known of ${registryName}`;
  const hiding = reasonsOf(shards.flatMap(gapsOf).filter(({ source }) => LISTING.includes(source)));
  const hidden =
    hiding.length > 0 ? `. It may be there unseen, since not everything could be read: ${hiding.join('; ')}` : '';
  return `no sweep of the last two days has seen a registry ${registryName}: look at the name, and whether it is swept${hidden}`;
}

interface ToldGap {
  source: string;
  reason: string;
}

/** The last entry of a list that was too long for its column is a text, which says how much is missing. */
const Told = z.array(
  z.union([
    z.object({ source: z.string(), reason: z.string(), toldElsewhere: z.boolean().optional() }),
    z.string().transform((reason) => ({ source: 'shard', reason, toldElsewhere: false })),
  ]),
);

/** The gaps of a shard's row; what another shard reads too is told by that one. */
function gapsOf({ Gaps }: WorkspaceRow): ToldGap[] {
  return Told.parse(Gaps).filter(({ toldElsewhere }) => !toldElsewhere);
}

function reasonsOf(gaps: ToldGap[]): string[] {
  return [...new Set(gaps.map(({ reason }) => reason))];
}

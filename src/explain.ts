import { mergeCidr } from 'cidr-tools';
import { isUnexplained } from './history.ts';
import type {
  PostureChange,
  RecordedChange,
  RecordedValue,
  Settings,
  SettingsField,
  Snapshot,
} from './model/change.ts';
import type { Instant, Registry } from './model/estate.ts';
import { SETTINGS_FIELDS, sameValue, settingsOf } from './posture.ts';
import { changeIdOf, settingFrom } from './rewind.ts';

/** Clocks differ, and a sweep takes its time. */
const MARGIN_MS = 5 * 60 * 1000;
/** The activity log may be late by minutes; what it does not know after a day it will not know. */
const WAIT_MS = 24 * 60 * 60 * 1000;

/** From when on the activity log is worth asking about a registry; undefined: nothing is left to explain. */
export function askedSince(
  { createdOn }: Registry,
  last: Snapshot | undefined,
  lastChanges: Snapshot['lastChanges'],
  sweptAt: Instant,
): Instant | undefined {
  if (!last) return createdOn ?? new Date(0).toISOString();
  const waiting = Object.values(lastChanges)
    .filter(isUnexplained)
    .flatMap((change) => {
      const time = timeOf(change);
      return time && Date.parse(sweptAt) - Date.parse(time.to) <= WAIT_MS ? [time.from] : [];
    });
  const [first] = waiting.sort();
  return first && shifted(first, -MARGIN_MS);
}

/**
 * Who wrote what no change record explains, or one that names nobody, by the activity log. It does not always say what
 * was set: then the writer of the time between the sweeps is named, and when there were several, all of them. Only the
 * changes that are now explained come back, under the ids that they had.
 */
export function explain(
  registry: Registry,
  lastChanges: Snapshot['lastChanges'],
  writes: RecordedChange[],
): PostureChange[] {
  const live = settingsOf(registry);
  return SETTINGS_FIELDS.flatMap((field) => {
    const known = lastChanges[field];
    if (!known) {
      const write = settingWrite(field, registry, live, writes);
      return write ? [changeBy(registry.id, field, live[field], write)] : [];
    }
    const write = isUnexplained(known) ? writeBehind(known, field, registry, writes) : undefined;
    return write ? [{ ...known, ...actorOf(write) }] : [];
  });
}

/** A record has the id of its operation, by which the log has it too; whoever else wrote about then is somebody else. */
function writeBehind(
  known: PostureChange,
  field: SettingsField,
  registry: Registry,
  writes: RecordedChange[],
): RecordedChange | undefined {
  const time = timeOf(known);
  if (!time) return undefined;
  const own = writes.find(({ correlationId }) => correlationId !== '' && correlationId === known.correlationId);
  const from = shifted(time.from, -MARGIN_MS);
  const to = shifted(time.to, MARGIN_MS);
  const within = writes.filter(({ changedAt }) => changedAt > from && changedAt <= to);
  const setting = own ?? settingWrite(field, registry, settingsOf(registry), within);
  return setting ?? (known.correlationId === '' ? jointWrite(within.filter(({ values }) => !values)) : undefined);
}

/** When a change was made: a moment, or the time between two sweeps. */
function timeOf({ changedAt, between }: PostureChange): PostureChange['between'] {
  return changedAt ? { from: changedAt, to: changedAt } : between;
}

/** The write that gave a field its value: the first of those that set it so, after any that set it otherwise. */
function settingWrite(
  field: SettingsField,
  registry: Registry,
  live: Settings,
  writes: RecordedChange[],
): RecordedChange | undefined {
  let found: RecordedChange | undefined;
  for (const write of writes) {
    const same = setsLive(field, registry, live, write.values ?? []);
    if (same === undefined) continue;
    found = same ? (found ?? write) : undefined;
  }
  return found;
}

function jointWrite(writes: RecordedChange[]): RecordedChange | undefined {
  const newest = writes.at(-1);
  const names = [...new Set(writes.map(({ changedBy }) => changedBy))];
  if (!newest || names.length === 1) return newest;
  return { ...newest, changedBy: names.join(' or '), correlationId: '' };
}

/** Whether a write set a field to what it is now; undefined: it did not touch the field. */
function setsLive(
  field: SettingsField,
  registry: Registry,
  live: Settings,
  values: RecordedValue[],
): boolean | undefined {
  if (field === 'exposure') {
    const parts = values.flatMap((value) =>
      value.field === 'publicNetworkAccess' || value.field === 'defaultAction'
        ? [String(value.after).toLowerCase() === registry[value.field].toLowerCase()]
        : [],
    );
    return parts.length === 0 ? undefined : parts.every(Boolean);
  }
  const value = values.find((one) => one.field === field);
  if (!value) return undefined;
  if (field === 'ipRules') return sameValue(mergeCidr(value.after ?? []), live.ipRules);
  return sameValue(settingFrom(field, value.after), live[field]);
}

function changeBy(registryId: string, field: SettingsField, after: unknown, write: RecordedChange): PostureChange {
  const changeId = changeIdOf(registryId, field, `${write.correlationId} ${write.changedAt}`);
  return { changeId, registryId, property: field, before: null, after, ...actorOf(write) };
}

function actorOf({ changedBy, changedByType, client, operation, correlationId, changedAt, source }: RecordedChange) {
  return { changedBy, changedByType, client, operation, correlationId, changedAt, source };
}

function shifted(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}

import type { Openings, PostureChange, RecordedChange, Snapshot } from './model/change.ts';
import type { Instant, Registry } from './model/estate.ts';
import { openingsOf, withOpened } from './opened.ts';
import { SETTINGS_FIELDS, sameValue, settingsOf } from './posture.ts';
import { changeIdOf, rewind } from './rewind.ts';

export interface HistoryInput {
  registry: Registry;
  /** what the last sweep saw; absent: the registry is new to us */
  last?: Snapshot;
  /** of this registry, oldest first */
  records: RecordedChange[];
  /** ids of the recorded changes that earlier sweeps have told */
  told: ReadonlySet<string>;
  /** absent: there was none */
  lastSweptAt?: Instant;
  sweptAt: Instant;
}

export interface History {
  /** not told yet, oldest first */
  changes: PostureChange[];
  /** ids of all recorded changes, for the next sweep's `told` */
  recorded: string[];
  lastChanges: Snapshot['lastChanges'];
  openings: Openings;
}

/**
 * What happened to a registry since the last sweep: what the records say, a change there and back too, and what two
 * sweeps show and no record explains. `lastChanges` says of each field who is behind its value, `openings` who opened what
 * is open.
 */
export function historyOf({ registry, last, records, told, lastSweptAt, sweptAt }: HistoryInput): History {
  const live = settingsOf(registry);
  const lastChanges = { ...last?.lastChanges };
  let openings = last ? openingsOf(last) : {};
  const changes: PostureChange[] = [];
  const recorded = rewind(registry, records);
  for (const change of recorded) {
    const waiting = lastChanges[change.field];
    if (told.has(change.row.changeId)) continue;
    const isSame = waiting !== undefined && isSameChange(waiting, change.row);
    // A record that names nobody adds nothing to what the activity log has said.
    if (isSame && isNameless(change.row) && !isUnexplained(waiting)) continue;
    // What was told without the record is told again under its own id, now with what the record says.
    const known = isSame ? { ...change.row, changeId: waiting.changeId } : change.row;
    lastChanges[change.field] = known;
    openings = withOpened(openings, known);
    // A registry that was just made has not changed; who made it is behind all its values.
    if (!change.creation) changes.push(known);
  }
  for (const field of SETTINGS_FIELDS) {
    if (!last || sameValue(last.settings[field], live[field])) continue;
    if (sameValue(lastChanges[field]?.after, live[field]) && lastChanges[field] !== last.lastChanges[field]) continue;
    const between = { from: lastSweptAt ?? sweptAt, to: sweptAt };
    const what = { registryId: registry.id, property: field, before: last.settings[field], after: live[field] };
    const observed = observedChange(what, between);
    lastChanges[field] = observed;
    openings = withOpened(openings, observed);
    changes.push(observed);
  }
  return { changes, recorded: recorded.map(({ row }) => row.changeId), lastChanges, openings };
}

/** Whether a change that was told is the one of which a record has come now; both logs carry the same correlation id. */
function isSameChange(told: PostureChange, { after, correlationId }: PostureChange): boolean {
  if (!sameValue(told.after, after)) return false;
  if (told.source === 'observed') return true;
  return told.source === 'activity-log' && (told.correlationId === '' || told.correlationId === correlationId);
}

/** Whether nobody is known to have made a change, and the activity log has not been heard about it. */
export function isUnexplained(change: PostureChange): boolean {
  return change.source === 'observed' || (change.source === 'resource-graph' && isNameless(change));
}

/** Resource Graph may know that and when, and not who. */
function isNameless({ changedBy }: PostureChange): boolean {
  return changedBy === 'unknown';
}

/** What differs from one sweep to the next and no record explains. */
export function observedChange(
  what: Pick<PostureChange, 'registryId' | 'property' | 'before' | 'after'>,
  between: { from: Instant; to: Instant },
): PostureChange {
  return {
    changeId: changeIdOf(what.registryId, what.property, `observed ${between.to}`),
    ...what,
    changedBy: 'unknown',
    changedByType: 'unknown',
    client: '',
    operation: '',
    correlationId: '',
    source: 'observed',
    between,
  };
}

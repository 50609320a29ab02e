import { addedNetworks } from './drift.ts';
import type { Opening, Openings, PostureChange, Snapshot } from './model/change.ts';

/** Each lets in whom those before it let in, too. */
const STEPS = ['selected-networks', 'public'];

/** Whether a field is opened and closed a part at a time. */
export function opensInParts(field: string): field is keyof Openings {
  return field === 'exposure' || field === 'ipRules';
}

/** Who opened what is open, after one more change; one that is known already may have got a name. */
export function withOpened(openings: Openings, change: PostureChange): Openings {
  const { property } = change;
  if (!opensInParts(property)) return openings;
  const [before, after] = [partsOf(change.before), partsOf(change.after)];
  const without = WITHOUT[property];
  const opened = without(after, before);
  const others = (openings[property] ?? []).flatMap((one) => {
    const left = without(without(one.opened, without(before, after)), opened);
    return one.changeId === change.changeId || left.length === 0 ? [] : [{ ...one, opened: left }];
  });
  return { ...openings, [property]: [...(opened.length > 0 ? [openingBy(change, opened)] : []), ...others] };
}

/** Who opened what is open of a registry; earlier versions kept only who changed it last. */
export function openingsOf({ openings, lastChanges }: Pick<Snapshot, 'openings' | 'lastChanges'>): Openings {
  if (openings) return openings;
  const { exposure, ipRules } = lastChanges;
  return [exposure, ipRules].reduce<Openings>((all, change) => (change ? withOpened(all, change) : all), {});
}

/** Who opened some of these networks, or steps of the exposure, each with what of them is its own; newest first. */
export function openersOf(openings: Openings, field: keyof Openings, parts: string[]): Opening[] {
  const without = WITHOUT[field];
  return (openings[field] ?? [])
    .map((one) => ({ ...one, opened: without(one.opened, without(one.opened, parts)) }))
    .filter(({ opened }) => opened.length > 0)
    .sort((a, b) => (whenOf(a) < whenOf(b) ? 1 : -1));
}

/** What is open of a field and should not be. */
export function openedBeyond(field: keyof Openings, expected: unknown, live: unknown): string[] {
  return WITHOUT[field](partsOf(live), partsOf(expected));
}

/** What an exposure lets in, step by step, or the networks of rules; nothing, where it is not known what was. */
function partsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return STEPS.slice(0, STEPS.indexOf(String(value)) + 1);
}

const WITHOUT: Record<keyof Openings, (parts: string[], others: string[]) => string[]> = {
  exposure: (steps, others) => steps.filter((step) => !others.includes(step)),
  ipRules: (networks, others) => addedNetworks(others, networks),
};

function openingBy({ changeId, changedBy, client, changedAt, between }: PostureChange, opened: string[]): Opening {
  return { changeId, changedBy, client, ...(changedAt && { changedAt }), ...(between && { between }), opened };
}

/** Of a change that was only observed, the sweep that saw it. */
function whenOf({ changedAt, between }: Opening): string {
  return changedAt ?? between?.to ?? '';
}

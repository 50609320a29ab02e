import { styleText } from 'node:util';
import type { Examined, Verdict } from '../../preflight/examined.ts';
import { plain } from './terminal.ts';

const WORDS: Record<Verdict, string> = { ok: 'ok', wrong: 'WRONG', unknown: 'UNKNOWN', 'not-tested': 'not tested' };
const STYLES: Record<Verdict, Parameters<typeof styleText>[0]> = {
  ok: 'green',
  wrong: 'red',
  unknown: 'yellow',
  'not-tested': 'gray',
};

/** What was examined, place by place: good permissions counted, everything else told with what mends it. */
export function preflightText(
  examined: Examined[],
  counts: Record<Verdict, number>,
  stream: NodeJS.WriteStream,
): string {
  const paint = (verdict: Verdict, text: string): string => styleText(STYLES[verdict], text, { stream });
  const lines = placesOf(examined).flatMap((place) => {
    const verdict = worstOf(place);
    const [first] = place;
    const head = `${paint(verdict, WORDS[verdict].padEnd(10))}  ${plain(first?.what ?? '')}: ${plain(headline(place))}`;
    return [head, ...troubles(place).map((line) => `            ${plain(line)}`)];
  });
  const total = (['ok', 'wrong', 'unknown', 'not-tested'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => paint(verdict, `${counts[verdict]} ${WORDS[verdict].toLowerCase()}`));
  return `${lines.join('\n')}\n\n${total.join(', ')}\n`;
}

/** All that concerns one thing in one place, in the order in which it was examined. */
function placesOf(examined: Examined[]): Examined[][] {
  const places = new Map<string, Examined[]>();
  for (const one of examined) {
    const key = `${one.area}|${one.scope}|${one.what}`;
    const place = places.get(key);
    if (place) place.push(one);
    else places.set(key, [one]);
  }
  return [...places.values()];
}

function worstOf(place: Examined[]): Verdict {
  const order: Verdict[] = ['wrong', 'unknown', 'not-tested', 'ok'];
  return order.find((verdict) => place.some((one) => one.verdict === verdict)) ?? 'ok';
}

function headline(place: Examined[]): string {
  const [first] = place;
  if (place.length > 1) {
    return `${place.filter(({ verdict }) => verdict === 'ok').length} of ${place.length} permissions granted`;
  }
  const [line = '', ...more] = (first?.detail ?? '').split('\n');
  return more.length > 0 ? `${line} (and ${more.length} more)` : line;
}

/** Each permission that is not there, with the checks that it blinds, then what mends them. */
function troubles(place: Examined[]): string[] {
  const bad = place.filter(({ verdict }) => verdict === 'wrong' || verdict === 'unknown');
  const lines = bad.flatMap(({ permission, blinds = [], detail }) => [
    ...(permission && place.length > 1 ? [permission] : []),
    ...(blinds.length > 0 ? [`  blind without it: ${inShort(blinds)}`] : []),
    ...detail.split('\n').slice(1),
  ]);
  const fixes = new Set(bad.flatMap(({ fix }) => (fix ? [`→ ${fix}`] : [])));
  return [...lines, ...fixes];
}

/** As many as fit on a line; the JSON document has them all. */
function inShort(ids: string[]): string {
  const shown = ids.slice(0, 4).join(', ');
  return ids.length > 4 ? `${shown} and ${ids.length - 4} more` : shown;
}

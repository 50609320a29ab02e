const MS = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 };

/**
 * An ISO 8601 interval: `PT1H` (up to now), `start/end`, `start/duration`, `duration/end`; `undefined` when it is none.
 * Months and years are no fixed time, and none of the clients sends them.
 */
export function timeRangeOf(text: string, now: Date): { start: Date; end: Date } | undefined {
  const [first, second, ...rest] = text.split('/');
  if (first === undefined || rest.length > 0) return undefined;
  const firstMs = durationMs(first);
  if (second === undefined) return firstMs === undefined ? undefined : range(now.getTime() - firstMs, now.getTime());
  const secondMs = durationMs(second);
  if (firstMs !== undefined) return range(Date.parse(second) - firstMs, Date.parse(second));
  return range(Date.parse(first), secondMs === undefined ? Date.parse(second) : Date.parse(first) + secondMs);
}

function range(start: number, end: number): { start: Date; end: Date } | undefined {
  return Number.isNaN(start) || Number.isNaN(end) || end < start
    ? undefined
    : { start: new Date(start), end: new Date(end) };
}

/** An ISO 8601 duration without months and years, in milliseconds; `undefined` when it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (match === null || match.slice(1).every((part) => part === undefined)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? 0 : Number(part)));
  return weeks * MS.W + days * MS.D + hours * MS.H + minutes * MS.M + seconds * MS.S;
}

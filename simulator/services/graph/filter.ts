import type { GraphObject } from '../../world.ts';
import type { Kind } from './objects.ts';

/** aad-advanced-queries.md: an `in` or an `or` takes at most 15 values. */
const MOST_CLAUSES = 15;
const FILTERABLE = [
  'id',
  'appId',
  'displayName',
  'servicePrincipalType',
  'accountEnabled',
  'mail',
  'userPrincipalName',
];

type Test = (object: GraphObject) => boolean;

/** `eq` and `in` on the fields Graph can filter by, `startswith(displayName, '…')`, joined by `or` or `and`; else the refusal's text. */
export function graphFilter(filter: string | undefined, kind: Kind): Test | string {
  if (filter === undefined || filter.trim() === '') return () => true;
  const clauses = filter.trim().split(/\s+or\s+(?=(?:[^']*'[^']*')*[^']*$)/i);
  const tests: Test[] = [];
  let count = 0;
  for (const clause of clauses) {
    const parsed = conjunction(clause, kind);
    if (typeof parsed === 'string') return parsed;
    count += parsed.values;
    tests.push(parsed.test);
  }
  if (count > MOST_CLAUSES) {
    return `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MOST_CLAUSES}.`;
  }
  return (object) => tests.some((test) => test(object));
}

interface Parsed {
  test: Test;
  values: number;
}

function conjunction(text: string, kind: Kind): Parsed | string {
  const tests: Test[] = [];
  let values = 0;
  for (const part of text.split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i)) {
    const parsed = comparison(part.trim(), kind);
    if (typeof parsed === 'string') return parsed;
    values = Math.max(values, parsed.values);
    tests.push(parsed.test);
  }
  return { test: (object) => tests.every((test) => test(object)), values };
}

function comparison(text: string, kind: Kind): Parsed | string {
  const start = /^startswith\(\s*displayName\s*,\s*'([^']*)'\s*\)$/i.exec(text)?.[1];
  if (start !== undefined)
    return { test: (object) => lower(object.displayName).startsWith(start.toLowerCase()), values: 1 };
  const match = /^(\w+)\s+(?:eq\s+('[^']*'|true|false)|in\s*\(([^)]*)\))$/i.exec(text);
  if (match === null) return `Invalid filter clause: '${text}'.`;
  const field = FILTERABLE.find((one) => one.toLowerCase() === match[1]?.toLowerCase());
  if (field === undefined) {
    const resource = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    return `Unsupported or invalid query filter clause specified for property '${match[1]}' of resource '${resource}'.`;
  }
  const values = (match[2] === undefined ? (match[3] ?? '').split(',') : [match[2]]).map((value) =>
    lower(value.trim().replaceAll("'", '')),
  );
  return { test: (object) => values.includes(lower(object[field])), values: values.length };
}

function lower(value: unknown): string {
  return String(value).toLowerCase();
}

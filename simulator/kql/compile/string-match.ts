import { text } from '../values/int64.ts';
import { coerce } from './coerce.ts';
import { type Compiled, once } from './scope.ts';

type Test = (value: string, sought: string) => boolean;

const ALPHANUMERIC = /[\p{L}\p{N}]/u;

/** Terms are maximal runs of alphanumeric characters (page "String operators"). */
function isTermCharacter(character: string | undefined): boolean {
  if (character === undefined || character === '') return false;
  const code = character.charCodeAt(0);
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return ALPHANUMERIC.test(character);
}

/** Finds `sought` where it begins and ends at the border of a term, as far as those borders are asked for. */
function atBorders(value: string, sought: string, atStart: boolean, atEnd: boolean): boolean {
  if (sought === '') return true;
  const first = isTermCharacter(sought[0]);
  const last = isTermCharacter(sought[sought.length - 1]);
  for (let at = value.indexOf(sought); at >= 0; at = value.indexOf(sought, at + 1)) {
    const startFits = !atStart || !first || !isTermCharacter(value[at - 1]);
    const endFits = !atEnd || !last || !isTermCharacter(value[at + sought.length]);
    if (startFits && endFits) return true;
  }
  return false;
}

export const hasTerm: Test = (value, sought) => atBorders(value, sought, true, true);

const TESTS: Readonly<Record<string, Test>> = {
  has: hasTerm,
  hasprefix: (value, sought) => atBorders(value, sought, true, false),
  hassuffix: (value, sought) => atBorders(value, sought, false, true),
  contains: (value, sought) => value.includes(sought),
  startswith: (value, sought) => value.startsWith(sought),
  endswith: (value, sought) => value.endsWith(sought),
  '~': (value, sought) => value === sought,
};

/** The parts of an operator such as `!hasprefix_cs` or `=~`; undefined when it is none of them. */
function partsOf(operator: string): { test: Test; negated: boolean; sensitive: boolean } | undefined {
  if (operator === '=~' || operator === '!~') {
    return { test: (value, sought) => value === sought, negated: operator === '!~', sensitive: false };
  }
  const negated = operator.startsWith('!') || operator.startsWith('not');
  const bare = operator.replace(/^(!|not)/, '');
  const sensitive = bare.endsWith('_cs');
  const test = TESTS[bare.replace(/_cs$/, '')];
  return test ? { test, negated, sensitive } : undefined;
}

export function isStringOperator(operator: string): boolean {
  return partsOf(operator) !== undefined;
}

/** has, contains, startswith, =~ and their kin. A null dynamic is the empty string. */
export function compileStringMatch(operator: string, left: Compiled, right: Compiled): Compiled {
  const parts = partsOf(operator);
  if (!parts) throw new Error(`${operator} is not an operator on strings`);
  const { test, negated, sensitive } = parts;
  const a = coerce(left, 'string').eval;
  const sought = coerce(right, 'string');
  const b = sensitive ? sought.eval : once({ ...sought, eval: (row) => text(sought.eval(row)).toLowerCase() }).eval;
  return once({
    type: 'bool',
    constant: left.constant && right.constant,
    eval: sensitive
      ? (row) => test(text(a(row)), text(b(row))) !== negated
      : (row) => test(text(a(row)).toLowerCase(), text(b(row))) !== negated,
  });
}

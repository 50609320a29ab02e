import { coerce, isNumeric } from '../compile/coerce.ts';
import { type Compiled, constantValue, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { parseDynamic } from '../values/convert.ts';
import { unbox } from '../values/json.ts';
import type { KqlType, KqlValue } from '../values/types.ts';
import type { Bind, Call } from './registry.ts';

/** An argument that must be there. */
export function argumentOf(call: Call, i = 0): Compiled {
  const argument = call.args[i];
  if (!argument) throw errorAt(call.node, `${call.name}() needs ${i + 1} arguments`);
  return argument;
}

function converts(to: KqlType): Bind {
  return (call) => {
    const argument = argumentOf(call);
    if (call.args.length > 1) throw errorAt(call.node, `${call.name}() takes one argument`);
    if ((to === 'datetime' || to === 'timespan') && isNumeric(argument.type)) {
      throw unsupportedAt(call.node, `${call.name}() of a number`);
    }
    return coerce(argument, to);
  };
}

function parse(call: Call): Compiled {
  const { type, eval: evaluate, constant } = argumentOf(call);
  if (type === 'dynamic') return argumentOf(call);
  return once({ type: 'dynamic', constant, eval: (row) => parseDynamic(evaluate(row), type) });
}

function test(check: (value: KqlValue, type: KqlType) => boolean): Bind {
  return (call) => {
    const { type, eval: evaluate, constant } = argumentOf(call);
    return once({ type: 'bool', constant, eval: (row) => check(evaluate(row), type) });
  };
}

/** Whether a value is null or the empty text. */
export function isEmpty(value: KqlValue): boolean {
  return value === null || value === '';
}

function number(check: (value: number) => boolean): Bind {
  return (call) => {
    const { eval: evaluate, constant } = coerce(argumentOf(call), 'real');
    return once({
      type: 'bool',
      constant,
      eval: (row) => {
        const value = evaluate(row);
        return typeof value === 'number' ? check(value) : null;
      },
    });
  };
}

/** The names gettype() gives (page "gettype()"). */
function typeName(value: KqlValue, type: KqlType): string {
  const inner = type === 'dynamic' ? unbox(value).type : type;
  if (value === null) return 'null';
  if (inner === 'bag') return 'dictionary';
  return inner;
}

/** column_ifexists(name, fallback): the column of that name, or else the fallback. */
function columnIfExists(call: Call): Compiled {
  const [name, fallback] = call.args;
  if (!name?.constant || !fallback) throw errorAt(call.node, `${call.name}() needs a constant name and a fallback`);
  const at = call.scope.columns.findIndex((column) => column.name === constantValue(name));
  const column = call.scope.columns[at];
  return column ? { type: column.type, constant: false, eval: (row) => row[at] ?? null } : fallback;
}

function gettype(call: Call): Compiled {
  const { type, eval: evaluate, constant } = argumentOf(call);
  return once({ type: 'string', constant, eval: (row) => typeName(evaluate(row), type) });
}

export const CONVERSION: Readonly<Record<string, Bind>> = {
  tostring: converts('string'),
  tobool: converts('bool'),
  toboolean: converts('bool'),
  toint: converts('int'),
  tolong: converts('long'),
  todouble: converts('real'),
  toreal: converts('real'),
  todecimal: converts('decimal'),
  todatetime: converts('datetime'),
  totimespan: converts('timespan'),
  toguid: converts('guid'),
  parse_json: parse,
  parsejson: parse,
  todynamic: parse,
  toobject: parse,
  isnull: test((value) => value === null),
  isnotnull: test((value) => value !== null),
  notnull: test((value) => value !== null),
  isempty: test(isEmpty),
  isnotempty: test((value) => !isEmpty(value)),
  notempty: test((value) => !isEmpty(value)),
  isnan: number(Number.isNaN),
  isfinite: number(Number.isFinite),
  isinf: number((value) => !Number.isNaN(value) && !Number.isFinite(value)),
  column_ifexists: columnIfExists,
  columnifexists: columnIfExists,
  gettype,
};

import { coerce } from '../compile/coerce.ts';
import { type Compiled, constantValue, type Eval, type WindowSlot } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { sameValue } from '../values/compare.ts';
import { addInt, int, num } from '../values/int64.ts';
import { type KqlValue, nullOf, type Row } from '../values/types.ts';
import type { Bind, Call } from './registry.ts';

function slotsOf(call: Call): WindowSlot[] {
  if (!call.scope.windows)
    throw unsupportedAt(call.node, `${call.name}() may stand only in extend, project, serialize and where`);
  return call.scope.windows;
}

/** prev(x, n, default) and next(x, n, default): the cell n rows before or after. */
function neighbour(direction: number): Bind {
  return (call) => {
    const slots = slotsOf(call);
    const [column, offset, fallback] = call.args;
    if (!column) throw errorAt(call.node, `${call.name}() needs a column`);
    const distance = offset ? num(constantValue(offset)) * direction : direction;
    const none = fallback ? constantValue(coerce(fallback, column.type)) : nullOf(column.type);
    let rows: readonly Row[] = [];
    let at = 0;
    slots.push({
      start(all) {
        rows = all;
      },
      advance(_row, index) {
        at = index;
      },
    });
    return {
      type: column.type,
      constant: false,
      eval: () => {
        const row = rows[at + distance];
        return row ? column.eval(row) : none;
      },
    };
  };
}

/** A function whose value for a row follows from the rows before it; `restart` starts it anew. */
function running(
  call: Call,
  type: 'long' | 'real' | 'decimal' | 'timespan' | 'datetime',
  restart: Eval | undefined,
  step: (row: Row, first: boolean) => KqlValue,
) {
  let current: KqlValue = null;
  let first = true;
  slotsOf(call).push({
    start() {
      first = true;
    },
    advance(row) {
      const again = first || restart?.(row) === true;
      current = step(row, again);
      first = false;
    },
  });
  return { type, constant: false, eval: () => current };
}

function rowNumber(call: Call): Compiled {
  const [start, restart] = call.args;
  const from = start ? int(constantValue(coerce(start, 'long'))) : 1;
  let number = from;
  return running(call, 'long', restart?.eval, (_row, first) => {
    number = first ? from : addInt(number, 1);
    return number;
  });
}

function cumulative(call: Call): Compiled {
  const [term, restart] = call.args;
  if (!term) throw errorAt(call.node, 'row_cumsum() needs a term');
  if (term.type !== 'real' && term.type !== 'long' && term.type !== 'int')
    throw unsupportedAt(call.node, `row_cumsum() of ${term.type}`);
  let sum: number | bigint = 0;
  const real = term.type === 'real';
  const bound = running(call, real ? 'real' : 'long', restart?.eval, (row, first) => {
    const value = term.eval(row);
    if (first) sum = 0;
    if (value !== null) sum = real ? num(sum) + num(value) : addInt(sum, int(value));
    return sum;
  });
  return { ...bound, type: term.type };
}

/** row_rank_dense(x): steps of 1; row_rank_min(x): the number of the first row with this value. */
function rank(dense: boolean): Bind {
  return (call) => {
    const [term, restart] = call.args;
    if (!term) throw errorAt(call.node, `${call.name}() needs a term`);
    let last: KqlValue = null;
    let position = 0;
    let current = 0;
    return running(call, 'long', restart?.eval, (row, first) => {
      const value = term.eval(row);
      position = first ? 1 : position + 1;
      if (first) current = 1;
      else if (!sameValue(value, last)) current = dense ? current + 1 : position;
      last = value;
      return current;
    });
  };
}

/** row_window_session(x, from first, between neighbours, restart): the start of the session. */
function session(call: Call): Compiled {
  const [term, maxFromFirst, maxBetween, restart] = call.args;
  if (!term || !maxFromFirst || !maxBetween) throw errorAt(call.node, 'row_window_session() needs three arguments');
  const far = int(constantValue(maxFromFirst));
  const near = int(constantValue(maxBetween));
  let start: KqlValue = null;
  let last: KqlValue = null;
  return running(call, 'datetime', restart?.eval, (row, first) => {
    const value = term.eval(row);
    if (value === null) {
      start = null;
      return null;
    }
    const fits =
      start !== null && last !== null && int(value) < addInt(int(start), far) && int(value) < addInt(int(last), near);
    if (first || !fits) start = value;
    last = value;
    return start;
  });
}

export const WINDOWS: Readonly<Record<string, Bind>> = {
  prev: neighbour(-1),
  next: neighbour(1),
  row_number: rowNumber,
  row_cumsum: cumulative,
  row_rank_dense: rank(true),
  row_rank_min: rank(false),
  row_window_session: session,
};

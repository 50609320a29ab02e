import { errorAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';
import type { KqlColumn, KqlType } from '../values/types.ts';
import type { Eval } from './scope.ts';

/** A column of a result and where its cells come from. */
interface Output extends KqlColumn {
  eval: Eval;
}

/** A name that is free: `a`, else `a1`, `a2`… as Kusto numbers them. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let suffix = 1;
  while (taken.has(`${name}${suffix}`)) suffix++;
  return `${name}${suffix}`;
}

/** The columns of a projection in the making, named as Kusto names them. */
export interface Projection {
  readonly outputs: readonly Output[];
  columns(): KqlColumn[];
  /** Adds a column under a name that may be changed when it is taken; returns the name. */
  add(name: string, type: KqlType, evaluate: Eval): string;
  /** Adds a column that the query names: the same name twice is an error, a derived one in the way is not. */
  declare(node: Syntax, name: string, type: KqlType, evaluate: Eval): string;
  /** Adds a column, or replaces the one of that name. */
  set(name: string, type: KqlType, evaluate: Eval): string;
  /** Column1, Column2… for expressions without a name. */
  defaultName(reserved?: readonly KqlColumn[]): string;
}

/** An empty projection. */
export function newProjection(): Projection {
  const outputs: Output[] = [];
  const declared = new Set<string>();
  let next = 1;

  function names(): Set<string> {
    return new Set(outputs.map((output) => output.name));
  }

  function add(name: string, type: KqlType, evaluate: Eval): string {
    const free = freeName(name, names());
    outputs.push({ name: free, type, eval: evaluate });
    return free;
  }

  function set(name: string, type: KqlType, evaluate: Eval): string {
    const at = outputs.findIndex((output) => output.name === name);
    const output = { name, type, eval: evaluate };
    if (at < 0) outputs.push(output);
    else outputs[at] = output;
    return name;
  }

  return {
    outputs,
    columns: () => outputs.map(({ name, type }) => ({ name, type })),
    add,
    declare(node, name, type, evaluate) {
      if (declared.has(name)) throw errorAt(node, `the column '${name}' is declared twice`);
      declared.add(name);
      return add(name, type, evaluate);
    },
    set,
    defaultName(reserved = []) {
      const taken = new Set([...names(), ...reserved.map((column) => column.name)]);
      let name = `Column${next++}`;
      while (taken.has(name)) name = `Column${next++}`;
      return name;
    },
  };
}

/** Whether a name fits a pattern of project-away and its kin, where * stands for any text. */
export function fitsPattern(name: string, pattern: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(name);
}

import { coerce } from '../compile/coerce.ts';
import { type Compiled, constantValue, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { text } from '../values/int64.ts';
import { toDynamic } from '../values/json.ts';
import { type Bag, isArray, isBag, type KqlValue, keyOf, setKey } from '../values/types.ts';
import { removeKeys, withKey } from './bag-edit.ts';
import { stepsOf } from './json-path.ts';
import { type Bind, type Call, plain } from './registry.ts';

/** bag_pack(key, value, …). */
function pack(call: Call): Compiled {
  if (call.args.length % 2 !== 0) throw errorAt(call.node, `${call.name}() needs pairs of key and value`);
  const keys = call.args.filter((_, i) => i % 2 === 0).map((arg) => coerce(arg, 'string').eval);
  const values = call.args.filter((_, i) => i % 2 === 1).map((arg) => coerce(arg, 'dynamic').eval);
  return once({
    type: 'dynamic',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      const bag: Bag = {};
      keys.forEach((key, i) => {
        setKey(bag, text(key(row)), values[i]?.(row) ?? null);
      });
      return bag;
    },
  });
}

/** bag_pack_columns(a, b): the columns under their names. */
function packColumns(call: Call): Compiled {
  const names = call.argNodes.map((node) => {
    if (node.kind !== 'NameReference') throw unsupportedAt(node, 'bag_pack_columns() of what is no column');
    return node.value;
  });
  const values = call.args.map((arg) => coerce(arg, 'dynamic').eval);
  return once({
    type: 'dynamic',
    constant: false,
    eval: (row) => {
      const bag: Bag = {};
      names.forEach((name, i) => {
        setKey(bag, name, values[i]?.(row) ?? null);
      });
      return bag;
    },
  });
}

/** pack_all(ignore): all columns; with true without nulls and empty texts. */
function packAll(call: Call): Compiled {
  const [flag] = call.args;
  const ignoreEmpty = flag ? constantValue(flag) === true : false;
  const columns = call.scope.columns;
  return {
    type: 'dynamic',
    constant: false,
    eval: (row) => {
      const bag: Bag = {};
      columns.forEach(({ name, type }, i) => {
        const value = row[i] ?? null;
        if (ignoreEmpty && (value === null || value === '')) return;
        setKey(bag, name, toDynamic(value, type));
      });
      return bag;
    },
  };
}

/** bag_merge(a, b, …): the leftmost bag with a key gives its value. */
function merge(call: Call): Compiled {
  const evals = call.args.map((arg) => coerce(arg, 'dynamic').eval);
  return once({
    type: 'dynamic',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      const bags = evals.map((evaluate) => evaluate(row)).filter(isBag);
      if (bags.length === 0) return null;
      const merged: Bag = {};
      for (const bag of bags) {
        for (const [key, value] of Object.entries(bag)) if (!Object.hasOwn(merged, key)) setKey(merged, key, value);
      }
      return merged;
    },
  });
}

function hasKey(bag: KqlValue, path: KqlValue): KqlValue {
  if (!isBag(bag)) return null;
  const name = text(path);
  let at: KqlValue = bag;
  for (const step of name.startsWith('$') ? (stepsOf(name) ?? []) : [name]) {
    const next: KqlValue | undefined =
      typeof step === 'number' ? (isArray(at) ? at[step] : undefined) : isBag(at) ? keyOf(at, step) : undefined;
    if (next === undefined) return false;
    at = next;
  }
  return true;
}

/** treepath(): every path, arrays by their first place (page "treepath()"). */
function treepath(value: KqlValue): KqlValue {
  if (!isBag(value) && !isArray(value)) return null;
  const paths: string[] = [];
  const visit = (item: KqlValue, path: string): void => {
    if (path !== '' && !paths.includes(path)) paths.push(path);
    if (isArray(item)) for (const each of item) visit(each, `${path}[0]`);
    else if (isBag(item)) for (const [key, each] of Object.entries(item)) visit(each, `${path}['${key}']`);
  };
  visit(value, '');
  return paths;
}

function zip(keys: KqlValue, values: KqlValue): KqlValue {
  if (!isArray(keys) || !isArray(values)) return null;
  const bag: Bag = {};
  keys.forEach((key, i) => {
    if (typeof key === 'string') setKey(bag, key, values[i] ?? null);
  });
  return bag;
}

export const BAGS: Readonly<Record<string, Bind>> = {
  bag_pack: pack,
  pack,
  bag_pack_columns: packColumns,
  pack_all: packAll,
  bag_keys: plain({ params: ['dynamic'], returns: 'dynamic', apply: (bag) => (isBag(bag) ? Object.keys(bag) : null) }),
  bag_has_key: plain({ params: ['dynamic', 'string'], returns: 'bool', apply: hasKey }),
  bag_merge: merge,
  bag_remove_keys: plain({ params: ['dynamic', 'dynamic'], returns: 'dynamic', apply: removeKeys }),
  bag_set_key: plain({ params: ['dynamic', 'string', 'dynamic'], returns: 'dynamic', nulls: true, apply: withKey }),
  bag_zip: plain({ params: ['dynamic', 'dynamic'], returns: 'dynamic', apply: zip }),
  treepath: plain({ params: ['dynamic'], returns: 'dynamic', apply: treepath }),
};

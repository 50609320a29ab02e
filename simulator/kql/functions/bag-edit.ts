import { text } from '../values/int64.ts';
import { type Bag, isArray, isBag, type KqlValue, keyOf, setKey } from '../values/types.ts';
import { stepsOf } from './json-path.ts';

function withoutPath(value: KqlValue, path: readonly (string | number)[]): KqlValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (isArray(value) && typeof step === 'number') {
    return rest.length === 0
      ? value.filter((_, i) => i !== step)
      : value.map((item, i) => (i === step ? withoutPath(item, rest) : item));
  }
  if (!isBag(value) || typeof step !== 'string' || !Object.hasOwn(value, step)) return value;
  const copy: Bag = {};
  for (const [key, item] of Object.entries(value)) {
    if (key !== step) setKey(copy, key, item);
    else if (rest.length > 0) setKey(copy, key, withoutPath(item, rest));
  }
  return copy;
}

/** bag_remove_keys(bag, keys): keys, or paths that start with $. */
export function removeKeys(bag: KqlValue, keys: KqlValue): KqlValue {
  if (!isBag(bag) || !isArray(keys)) return bag;
  return keys.reduce<KqlValue>((left, key) => {
    const name = text(key);
    return withoutPath(left, name.startsWith('$') ? (stepsOf(name) ?? []) : [name]);
  }, bag);
}

/** bag_set_key(bag, key or path, value): null where the bag is none. */
export function withKey(bag: KqlValue, path: KqlValue, value: KqlValue): KqlValue {
  if (!isBag(bag)) return null;
  const name = text(path);
  const steps = name.startsWith('$') ? (stepsOf(name) ?? []) : [name];
  return setAt(bag, steps, value);
}

function setAt(bag: KqlValue, steps: readonly (string | number)[], value: KqlValue): KqlValue {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!isArray(bag)) return bag;
    return bag.map((item, i) => (i === step ? setAt(item, rest, value) : item));
  }
  const copy: Bag = isBag(bag) ? { ...bag } : {};
  setKey(copy, step, setAt(keyOf(copy, step) ?? null, rest, value));
  return copy;
}

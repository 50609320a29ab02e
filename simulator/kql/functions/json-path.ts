import { isArray, isBag, type KqlValue, keyOf } from '../values/types.ts';

/** The steps of a JSON path such as $.a['b'][0]; undefined when it is none. */
export function stepsOf(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  const step = /\.([\w-]+)|\.?\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    const name = match[1] ?? match[2] ?? match[3];
    steps.push(name ?? Number(match[4]));
  }
  return steps;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: KqlValue, steps: readonly (string | number)[]): KqlValue | undefined {
  let at: KqlValue | undefined = value;
  for (const step of steps) {
    if (typeof step === 'number') at = isArray(at) ? at[step] : undefined;
    else at = isBag(at) ? keyOf(at, step) : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

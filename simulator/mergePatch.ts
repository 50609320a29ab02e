import type { Wire } from './estate.ts';

/** RFC 7386: objects merge, null removes, everything else (arrays too) replaces. Neither argument is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch;
  const merged: Wire = isPlain(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

export function isPlain(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

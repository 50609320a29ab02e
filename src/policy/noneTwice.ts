import type * as z from 'zod';

/** Refuses an entry of a list that says the same as one before it. */
export function noneTwice<T>(sayingOf: (entry: T) => string, consequence: string) {
  return (entries: T[], context: z.RefinementCtx): void => {
    const first = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      const saying = sayingOf(entry).toLowerCase();
      const earlier = first.get(saying);
      if (earlier === undefined) first.set(saying, index);
      else {
        const message = `is about the same as number ${earlier + 1} of this list, which comes first: ${consequence}`;
        context.addIssue({ code: 'custom', path: [index], message });
      }
    }
  };
}

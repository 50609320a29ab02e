import type * as z from 'zod';

/**
 * Refuses an entry of a list that says the same as one before it. `entry`: what one has to look like for that to be known;
 * whatever else is wrong with one is refused elsewhere.
 */
export function noneTwice<T>(entry: z.ZodType<T>, sayingOf: (entry: T) => string, consequence: string) {
  return (entries: unknown[], context: z.RefinementCtx): void => {
    const first = new Map<string, number>();
    for (const [index, each] of entries.entries()) {
      const read = entry.safeParse(each);
      if (!read.success) continue;
      const saying = sayingOf(read.data);
      const earlier = first.get(saying);
      if (earlier === undefined) first.set(saying, index);
      else {
        const message = `is about the same as number ${earlier + 1} of this list, which comes first: ${consequence}`;
        context.addIssue({ code: 'custom', path: [index], message });
      }
    }
  };
}

import * as z from 'zod';

/** What is the matter with a value that is not there; undefined: it is. */
export function absence({ input }: { input?: unknown }): string | undefined {
  if (input === undefined) return 'is missing';
  return input === null ? 'is empty: say what it is, or leave it out' : undefined;
}

/** What is the matter with a value: that it is not there, or is none of its kind. */
function orAbsent(message: string) {
  return { error: (issue: { input?: unknown }) => absence(issue) ?? message };
}

export const days = z.int(orAbsent('must be a whole number of days')).min(1).max(3650);
export const percent = z.int('must be a whole percentage').min(1).max(100);
export const milliseconds = z.int('must be a whole number of milliseconds').min(1).max(600_000);
export const name = z
  .string(orAbsent('must be a text; put quotes around a bare number'))
  .regex(/\S/, 'must not be empty');
export const yesOrNo = z.boolean('must be true or false');
export const tags = z
  .record(z.string(), name)
  .refine((all) => Object.keys(all).length > 0, 'must name at least one tag')
  .meta({ minProperties: 1 });
export const guid = z.guid('must be a subscription id, a guid');

/** Looked at elsewhere, be it there or not. */
export const whatever = z.unknown().optional();

/** Looked at where there is enough to see what only several keys together can say, whatever is wrong with one of them. */
export const whereObject = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Looked at where there is a list, whatever is wrong with one entry of it. */
export const whereList = { when: ({ value }: { value: unknown }) => Array.isArray(value) };

export function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

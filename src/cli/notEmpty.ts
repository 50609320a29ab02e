import { InvalidArgumentError } from 'commander';

/** Reads a value that names something. An empty one, as of a variable that is not set, is not the same as none. */
export function notEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

/** The same for one more value of an option or argument that takes several. */
export function noneEmpty(text: string, before: string[] = []): string[] {
  return [...before, notEmpty(text)];
}

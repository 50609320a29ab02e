import type { WorkspaceRow } from '../model/alert.ts';
import { minuteOf } from '../model/instant.ts';

/** The longest name that a card or report repeats. */
const MOST_CHARACTERS = 400;

/**
 * A text from Azure for Markdown, which cards and reports are: control characters and those that turn the direction of
 * writing are dropped, a too long one is cut, and nothing in it is markup any more.
 */
export function safe(value: unknown): string {
  const text = visible(value);
  return unmarked(
    text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…` : text,
  );
}

/** The longest command that a card repeats: cut short it would be another command. */
export const MOST_OF_A_COMMAND = 4000;

/** A command for Markdown, whole or not at all. */
export function safeCommand(value: unknown): string {
  const text = visible(value);
  return text.length > MOST_OF_A_COMMAND
    ? 'The command is too long for a card: the column Fix of the finding has it.'
    : unmarked(text);
}

function unmarked(text: string): string {
  // At the beginning, a hyphen or a number with a dot would begin a list.
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&').replace(/^(\s*\d*)([-.])(?=\s)/, '$1\\$2');
}

/** A text that is shown as it is, such as a command: only what cannot be seen is dropped. */
export function visible(value: unknown): string {
  return String(value ?? '').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** A column of a row; empty where it holds nothing. */
export function textOf(row: WorkspaceRow | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined ? '' : String(value);
}

/** When a column of a row says, in milliseconds; NaN where it holds no time. */
export function timeOf(row: WorkspaceRow | undefined, column: string): number {
  return Date.parse(textOf(row, column));
}

/** To the minute, in UTC; empty for no time. */
export function minute(value: unknown): string {
  const date = value instanceof Date ? value : new Date(String(value ?? ''));
  return Number.isNaN(date.getTime()) ? '' : minuteOf(date.toISOString());
}

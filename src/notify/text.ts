/** The longest name that a card or report repeats. */
const MOST_CHARACTERS = 400;

/**
 * A text from Azure for Markdown, which cards and reports are: control characters and those that turn the direction of
 * writing are dropped, a too long one is cut, and nothing in it is markup any more.
 */
export function safe(value: unknown): string {
  const text = String(value ?? '').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return cut.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}

/** A text that is shown as it is, such as a command: only what cannot be seen is dropped. */
export function visible(value: unknown): string {
  return String(value ?? '').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** To the minute, in UTC; empty for no time. */
export function minute(value: unknown): string {
  const date = value instanceof Date ? value : new Date(String(value ?? ''));
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

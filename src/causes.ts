/** An error with the errors that caused it, on one line. */
export function messages(error: unknown): string {
  const texts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) texts.push(at.message.split('\n')[0] ?? '');
  return [...new Set(texts)].join(': ') || String(error);
}
